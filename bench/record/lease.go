package record

import (
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"fig5/fid/files"
)

// lease is the right that the name of a file stands for. The folder .lease has one file,
// which is empty:
//
//	free                               nobody holds the lease
//	held,HOST,PID,MACHINE,RANDOM,BEAT  this process does
//
// To take, renew or give back a lease is to rename that file from the name that was seen.
// The server does one renaming after the other, so one of several who take the same lease
// gets it, and who comes late finds no file of the old name. Nothing depends on clocks that
// agree or on what a client has cached: an old view makes a renaming fail, no more.
//
// The holder renames the file every leaseRenew, with BEAT one higher. Others may take the
// lease over when they have seen the same name for leaseStale. MACHINE is the running
// system on which the holder has the flock as well, empty where there is none: who gets the
// flock on that system knows that the holder is dead, and need not wait.
type lease struct {
	mu      sync.Mutex
	folder  string
	prefix  string // of the names of this lease, but for the beat
	beat    int
	renewed time.Time
	lost    bool        // or given back
	timer   *time.Timer // of the next renewal
}

const leaseFree = "free"

var leaseName = regexp.MustCompile(`^held,([^,]*),(\d+),([^,]*),([0-9a-f]+),(\d+)$`)

var errLost = errors.New("another process has taken over the lock, for this one stood still too long; run again")

// watch is what one who waits for a lease has seen of it.
type watch struct {
	name  string
	since time.Time
}

// takeLease takes the lease of the folder if it is free or its holder dead; nil and no
// error if neither. machine is empty if the flock is not held.
func takeLease(folder, machine string, w *watch) (*lease, error) {
	host, _ := os.Hostname()
	l := &lease{folder: folder, renewed: time.Now(),
		prefix: fmt.Sprintf("held,%s,%d,%s,%016x,", unsafeInName.ReplaceAllString(host, "_"), os.Getpid(), machine, rand.Uint64())}
	for range 10 { // others may be quicker each time; the caller tries again
		now, err := leaseFiles(folder)
		switch {
		case errors.Is(err, fs.ErrNotExist):
			err = l.create()
		case err != nil:
		case len(now) == 0: // somebody deleted the file by hand
			err = os.Remove(folder)
		case !w.mayTake(now, machine):
			return nil, nil
		default:
			if err = l.rename(now[0], l.name()); err == nil {
				for _, other := range now[1:] {
					os.Remove(filepath.Join(folder, other))
				}
			}
		}
		if err == nil && exists(filepath.Join(folder, l.name())) {
			l.mu.Lock()
			l.timer = time.AfterFunc(leaseRenew, l.keep)
			l.mu.Unlock()
			return l, nil
		}
		race := errors.Is(err, fs.ErrNotExist) || errors.Is(err, fs.ErrExist) // another was quicker; ENOTEMPTY is one of them
		if err != nil && !race {
			return nil, files.Error(folder, err)
		}
	}
	return nil, nil
}

// leaseFiles are the names in the folder that mean something, free last. There is one,
// unless somebody copied files here.
func leaseFiles(folder string) ([]string, error) {
	entries, err := os.ReadDir(folder)
	var names []string
	for _, e := range slices.Backward(entries) { // which are sorted
		if e.Name() == leaseFree || leaseName.MatchString(e.Name()) {
			names = append(names, e.Name())
		}
	}
	return names, err
}

// mayTake notes what the lease is called now and says whether it may be taken.
func (w *watch) mayTake(names []string, machine string) bool {
	all := strings.Join(names, "\n")
	if all != w.name {
		w.name, w.since = all, time.Now()
	}
	m := leaseName.FindStringSubmatch(names[0])
	return m == nil || m[3] != "" && m[3] == machine || time.Since(w.since) > leaseStale
}

// create makes the folder with a file in it that is this lease, all at once.
func (l *lease) create() error {
	tmp, err := os.MkdirTemp(filepath.Dir(l.folder), filepath.Base(l.folder)+".")
	if err != nil {
		return err
	}
	defer os.RemoveAll(tmp)
	if err = os.Chmod(tmp, 0o755); err != nil {
		return err
	}
	if err = os.WriteFile(filepath.Join(tmp, l.name()), nil, 0o644); err != nil {
		return err
	}
	if err = os.Rename(tmp, l.folder); err != nil {
		return err
	}
	litter, _ := filepath.Glob(l.folder + ".*") // of those who were killed here; who is alive tries again
	for _, path := range litter {
		os.RemoveAll(path)
	}
	return nil
}

func (l *lease) name() string { return l.prefix + strconv.Itoa(l.beat) }

// rename gives the file another name. That the old name is gone is no error if the new one
// is there: the server's answer to a first try was lost.
func (l *lease) rename(from, to string) error {
	err := os.Rename(filepath.Join(l.folder, from), filepath.Join(l.folder, to))
	if errors.Is(err, fs.ErrNotExist) && exists(filepath.Join(l.folder, to)) {
		return nil
	}
	return err
}

func exists(path string) bool {
	_, err := os.Lstat(path)
	return err == nil
}

// keep renews the lease, again and again until it is given back or lost.
func (l *lease) keep() {
	l.mu.Lock()
	defer l.mu.Unlock()
	if !errors.Is(l.renew(), errLost) {
		l.timer.Reset(leaseRenew)
	}
}

// renew renames the file; l.mu is held.
func (l *lease) renew() error {
	if l.lost {
		return errLost
	}
	now, from := time.Now(), l.name()
	l.beat++
	switch err := l.rename(from, l.name()); {
	case err == nil:
		l.renewed = now
		return nil
	case errors.Is(err, fs.ErrNotExist):
		l.lost = true
		return errLost
	default:
		l.beat--
		return err
	}
}

// check is an error unless the lease is held, and nobody can take it over in the next half
// of leaseStale. Both clocks are asked: one stands still while the machine sleeps, the other
// may be set.
func (l *lease) check() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	now := time.Now()
	steady, wall := now.Sub(l.renewed), now.Round(0).Sub(l.renewed.Round(0))
	if !l.lost && steady < leaseStale/2 && wall >= 0 && wall < leaseStale/2 {
		return nil
	}
	return l.renew()
}

// release gives the lease back, if it is not lost.
func (l *lease) release() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.timer.Stop()
	if !l.lost {
		_ = l.rename(l.name(), leaseFree) // if it fails, others wait until it is stale
	}
	l.lost = true
}

// leased reports whether somebody on another machine, or without the flock, seems to hold
// the lease.
func leased(folder string) bool {
	names, err := leaseFiles(folder)
	if err != nil || len(names) == 0 || names[0] == leaseFree {
		return false
	}
	m := leaseName.FindStringSubmatch(names[0])
	info, err := os.Stat(folder)
	return m[3] != machineID() && err == nil && time.Since(info.ModTime()) < leaseStale
}

var unsafeInName = regexp.MustCompile(`[^A-Za-z0-9.-]`)

// bootID tells one running system from every other: two machines, or one before and after
// it was started again.
func bootID() string {
	b, _ := os.ReadFile("/proc/sys/kernel/random/boot_id")
	id := strings.TrimSpace(string(b))
	if id == "" {
		id, _ = os.Hostname()
	}
	return unsafeInName.ReplaceAllString(id, "_")
}
