package cluster

import (
	"crypto/sha256"
	"fmt"
	"os"
	"path/filepath"
	"syscall"
)

// socketMax is the longest path of a unix socket: sun_path of unix(7) holds
// 108 bytes with the closing zero.
const socketMax = 107

// SocketDir makes the folder of a data directory's socket, mode 0700: in it
// where the path is short enough, else in the system's folder for temporary
// files, under a name that the next start finds again.
func SocketDir(dataDir string) (string, error) {
	dir := filepath.Join(dataDir, "run")
	if !fits(dir) {
		name := fmt.Sprintf("segnavia-%d-%x", os.Geteuid(), sha256.Sum256([]byte(dataDir)))
		dir = filepath.Join(os.TempDir(), name[:32])
		if !fits(dir) {
			dir = filepath.Join("/tmp", name[:32])
		}
	}
	return dir, PrivateDir(dir)
}

func fits(dir string) bool {
	return len(filepath.Join(dir, ".s.PGSQL."+port)) <= socketMax
}

// PrivateDir makes a folder that only this user can enter. One that exists
// and belongs to somebody else is refused: in a shared folder such as /tmp
// somebody may have laid it there before.
func PrivateDir(dir string) error {
	if err := os.Mkdir(dir, 0o700); err != nil && !os.IsExist(err) {
		return fmt.Errorf("private folder: %w", err)
	}
	info, err := os.Lstat(dir)
	if err != nil {
		return fmt.Errorf("private folder: %w", err)
	}
	st, ok := info.Sys().(*syscall.Stat_t)
	// Root may find it owned by the server's account; nobody else can do so.
	if !info.IsDir() || !ok || (int(st.Uid) != os.Geteuid() && os.Geteuid() != 0) {
		return fmt.Errorf("%s is not a folder of this user: remove it", dir)
	}
	if err := os.Chmod(dir, 0o700); err != nil { // #nosec G302 -- a folder
		return fmt.Errorf("private folder: %w", err)
	}
	return nil
}
