package config

import (
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// slurmOptions are the options of sbatch that the map slurm may set; the others fig5 run
// sets itself, or they have no meaning for it. The list is closed because sbatch takes any
// beginning of a name for the whole: arr would be --array.
var slurmOptions = strings.Fields(`account batch bb bbf begin chdir cluster-constraint comment
	constraint container contiguous core-spec cores-per-socket cpu-freq cpus-per-gpu cpus-per-task
	deadline delay-boot distribution exclude exclusive export extra-node-info get-user-env gid gpu-bind
	gpu-freq gpus gpus-per-node gpus-per-socket gpus-per-task gres gres-flags licenses mail-type
	mail-user mcs-label mem mem-per-cpu mem-per-gpu mincpus network nice no-kill nodefile nodelist
	nodes ntasks ntasks-per-core ntasks-per-gpu ntasks-per-node ntasks-per-socket overcommit
	oversubscribe partition power prefer priority profile propagate qos reboot reservation signal
	sockets-per-node spread-job switches thread-spec threads-per-core time time-min tmp tres-per-task
	uid use-min-nodes wckey`)

// slurmValue is what a value is made of: printable characters, no blank at either end.
var slurmValue = regexp.MustCompile(`\A[!-~]([ -~]{0,498}[!-~])?\z`)

var slurmSignal = regexp.MustCompile(`\AB:TERM@[0-9]{1,5}\z`)

// validateSlurm checks names and values of the map slurm.
func (c *Config) validateSlurm() error {
	for _, name := range slices.Sorted(maps.Keys(c.Slurm)) {
		path, value := "slurm."+name, c.Slurm[name]
		if !slices.Contains(slurmOptions, name) {
			hint := "docs/cluster.md tells which"
			if near, d := Nearest(name, slurmOptions); d <= max(1, len(name)/3) {
				hint = "did you mean slurm." + near + "?"
			}
			return keyError{path, "not an option of sbatch that a sweep sets; " + hint}
		}
		text, ok := slurmText(value)
		switch {
		case value == true:
		case !ok || !slurmValue.MatchString(text):
			return keyError{path, "not a value of an option of sbatch: a number, a line of text, or true for an option that has none"}
		case name == "time" || name == "time-min":
			if SlurmTime(text) == 0 {
				return keyError{path, text + " is not a time limit: minutes, minutes:seconds, hours:minutes:seconds or days-hours[:minutes[:seconds]]"}
			}
		case name == "signal" && !slurmSignal.MatchString(text):
			return keyError{path, text + " is not B:TERM@SECONDS, the seconds before the time limit at which a task is told to stop"}
		}
	}
	return nil
}

func slurmText(value any) (text string, ok bool) {
	switch x := value.(type) {
	case string:
		return x, true
	case int:
		return strconv.Itoa(x), true
	case float64:
		return number(x), true
	}
	return "", false
}

// SlurmOptions is the map slurm as arguments of sbatch, sorted: --name=value, or --name.
func (c *Config) SlurmOptions() []string {
	var args []string
	for _, name := range slices.Sorted(maps.Keys(c.Slurm)) {
		arg := "--" + name
		if text, ok := slurmText(c.Slurm[name]); ok {
			arg += "=" + text
		}
		args = append(args, arg)
	}
	return args
}

// SlurmTimeLimit is slurm.time, 0 where there is none.
func (c *Config) SlurmTimeLimit() time.Duration {
	text, _ := slurmText(c.Slurm["time"])
	return SlurmTime(text)
}

var slurmTime = regexp.MustCompile(`\A(?:(\d{1,4})-)?(\d{1,6})(?::(\d{1,2}))?(?::(\d{1,2}))?\z`)

// SlurmTime reads a time as sbatch does: M, M:S, H:M:S, D-H, D-H:M or D-H:M:S. It is 0 for
// what is none, and for 0.
func SlurmTime(text string) time.Duration {
	m := slurmTime.FindStringSubmatch(text)
	if m == nil {
		return 0
	}
	var n [4]time.Duration
	for i := range n {
		x, _ := strconv.Atoi(m[i+1]) // "" is 0
		n[i] = time.Duration(x)
	}
	switch {
	case m[1] != "":
		return 24*n[0]*time.Hour + n[1]*time.Hour + n[2]*time.Minute + n[3]*time.Second
	case m[4] != "":
		return n[1]*time.Hour + n[2]*time.Minute + n[3]*time.Second
	}
	return n[1]*time.Minute + n[2]*time.Second
}
