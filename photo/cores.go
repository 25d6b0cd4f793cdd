package photo

import (
	"os"
	"strconv"
	"strings"
)

// coresFor names one of the machine's cores for each of n children, those that this
// program may use, one after the other. It names none where the system does not say.
//
// A decoder of AV1 takes a thread for each core that it sees, and memory for each
// thread: on one core it takes the same everywhere.
func coresFor(n int) []string {
	status, err := os.ReadFile("/proc/self/status") // proc(5), Cpus_allowed_list
	if err != nil {
		return make([]string, n)
	}
	_, list, _ := strings.Cut(string(status), "Cpus_allowed_list:")
	list, _, _ = strings.Cut(list, "\n")
	allowed := parseCores(strings.TrimSpace(list), n)
	cores := make([]string, n)
	for i := range cores {
		if len(allowed) > 0 {
			cores[i] = strconv.Itoa(allowed[i%len(allowed)])
		}
	}
	return cores
}

// parseCores reads the first n of a list such as "0-3,8" (cpuset(7), list format).
func parseCores(list string, n int) (cores []int) {
	for part := range strings.SplitSeq(list, ",") {
		low, high, many := strings.Cut(part, "-")
		first, err := strconv.Atoi(low)
		if err != nil {
			continue
		}
		last := first
		if many {
			if last, err = strconv.Atoi(high); err != nil {
				continue
			}
		}
		for core := first; core <= last && len(cores) < n; core++ {
			cores = append(cores, core)
		}
	}
	return cores
}
