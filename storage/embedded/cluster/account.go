package cluster

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"syscall"
)

// account is who the server runs as. PostgreSQL refuses to run as root, so
// root starts it in a user namespace where root's files belong to an
// unprivileged account; where namespaces are forbidden, as that account.
type account struct {
	uid, gid  int // the unprivileged account; unused unless root
	root      bool
	namespace bool
}

func findAccount(ctx context.Context, bin Binaries) (account, error) {
	if os.Geteuid() != 0 {
		return account{}, nil
	}
	var a account
	u, err := user.Lookup("postgres")
	if err != nil {
		u, err = user.Lookup("nobody")
	}
	if err != nil {
		return a, fmt.Errorf("find an unprivileged account for postgres: %w", err)
	}
	if a.uid, err = strconv.Atoi(u.Uid); err != nil {
		return a, fmt.Errorf("account %s: %w", u.Username, err)
	}
	if a.gid, err = strconv.Atoi(u.Gid); err != nil {
		return a, fmt.Errorf("account %s: %w", u.Username, err)
	}
	a.root, a.namespace = true, true
	probe := exec.CommandContext(ctx, filepath.Join(bin.Dir, "postgres"), "--version")
	probe.SysProcAttr = a.attributes()
	// The probe is short and its thread may go at any time.
	probe.SysProcAttr.Pdeathsig = 0
	a.namespace = probe.Run() == nil
	return a, nil
}

// attributes make a child die with the OS thread that starts it: SIGINT is
// PostgreSQL's fast shutdown. A process group of its own keeps a terminal's
// Ctrl-C for the program, which then stops the server in order.
func (a account) attributes() *syscall.SysProcAttr {
	attr := &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGINT}
	switch {
	case a.root && a.namespace:
		attr.Cloneflags = syscall.CLONE_NEWUSER
		attr.UidMappings = []syscall.SysProcIDMap{{ContainerID: a.uid, HostID: 0, Size: 1}}
		attr.GidMappings = []syscall.SysProcIDMap{{ContainerID: a.gid, HostID: 0, Size: 1}}
	case a.root:
		attr.Credential = &syscall.Credential{Uid: uint32(a.uid), Gid: uint32(a.gid)} // #nosec G115 -- ids of /etc/passwd
	}
	return attr
}

// own gives a folder and all in it to whom the server runs as, if root is
// free to choose and the folder belongs to somebody else.
func (a account) own(dir string) error {
	if !a.root {
		return nil
	}
	uid, gid := 0, 0
	if !a.namespace {
		uid, gid = a.uid, a.gid
		if err := letPass(filepath.Dir(dir)); err != nil {
			return err
		}
	}
	info, err := os.Stat(dir)
	if err != nil {
		return err
	}
	if st, ok := info.Sys().(*syscall.Stat_t); ok && int(st.Uid) == uid {
		return nil
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return err
	}
	err = fs.WalkDir(root.FS(), ".", func(path string, _ fs.DirEntry, err error) error {
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		if err != nil {
			return err
		}
		return root.Lchown(path, uid, gid)
	})
	return errors.Join(err, root.Close())
}

// letPass lets an account through a folder of root's without letting it look
// around there.
func letPass(dir string) error {
	info, err := os.Stat(dir)
	if err != nil || info.Mode().Perm()&0o001 != 0 {
		return err
	}
	return os.Chmod(dir, info.Mode()|0o011) // #nosec G302 -- a folder
}
