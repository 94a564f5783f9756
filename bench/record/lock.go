package record

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"syscall"
	"time"

	"github.com/gofrs/flock"

	"fig5/fid/files"
)

// Lock is the exclusive right to write in one run folder. It is held in two ways at once:
//
//  1. flock(2) on the file .lock. The kernel gives it back the moment its holder dies. On
//     the file system of a cluster it may hold on one machine alone, or not exist.
//  2. A lease (lease.go), which holds wherever renaming a file is atomic, as it is on NFS
//     and Lustre. A lease that its holder has not renewed for two minutes can be taken over.
//
// A holder that stood still for longer than that (a suspended process, a server that did
// not answer) may have lost the lease: then no function of this package writes in the
// folder on its behalf any more.
type Lock struct {
	dir   Dir
	flock *flock.Flock // nil where the file system has none
	lease *lease
}

// Variables, so that tests can have a file system without flock, several machines on one,
// and less patience.
var (
	tryFlock   = (*flock.Flock).TryLock
	machineID  = sync.OnceValue(bootID)
	leaseRenew = 20 * time.Second
	leaseStale = 2 * time.Minute
)

// lockPoll is how soon a waiting Lock looks again, at first and at most.
const (
	lockPoll    = 100 * time.Millisecond
	maxLockPoll = time.Second
)

// held are the locks of this process by their folder.
var held sync.Map

// Lock makes the folder if need be and waits until nobody else holds its lock or
// ctx ends.
func (d Dir) Lock(ctx context.Context) (*Lock, error) {
	var w watch
	for wait := lockPoll; ; wait = min(wait*3/2, maxLockPoll) {
		l, err := d.tryLock(&w)
		if l != nil || err != nil {
			return l, err
		}
		select {
		case <-ctx.Done():
			return nil, fmt.Errorf("%s: %w", d.LockFile(), ctx.Err())
		case <-time.After(wait):
		}
	}
}

// TryLock is Lock without waiting: nil and no error when somebody else holds it, or died
// holding it on another machine less than two minutes ago.
func (d Dir) TryLock() (*Lock, error) { return d.tryLock(&watch{}) }

func (d Dir) tryLock(w *watch) (*Lock, error) {
	if err := os.MkdirAll(string(d), 0o755); err != nil {
		return nil, files.Error(string(d), err)
	}
	l := &Lock{dir: d, flock: flock.New(d.LockFile(), flock.SetPermissions(0o644))}
	switch ok, err := tryFlock(l.flock); {
	case noFlock(err):
		l.flock.Close()
		l.flock = nil
	case err != nil:
		return nil, files.Error(d.LockFile(), err)
	case !ok:
		return nil, nil
	}
	machine := ""
	if l.flock != nil {
		machine = machineID()
	}
	var err error
	if l.lease, err = takeLease(d.leaseFolder(), machine, w); l.lease == nil {
		return nil, errors.Join(err, l.unflock())
	}
	held.Store(d, l)
	return l, nil
}

// noFlock reports whether the file system has no flock: Lustre without the option, NFS
// without its lock daemon.
func noFlock(err error) bool {
	return errors.Is(err, errors.ErrUnsupported) || errors.Is(err, syscall.ENOLCK)
}

// Busy reports whether somebody holds the lock. It makes no file. Of a holder on another
// machine it goes by the time of the last renewal, as far as the clocks agree.
func (d Dir) Busy() (bool, error) {
	if exists(d.LockFile()) {
		f := flock.New(d.LockFile(), flock.SetFlag(os.O_RDONLY))
		defer f.Close()
		if ok, err := f.TryRLock(); err != nil && !noFlock(err) {
			return false, files.Error(d.LockFile(), err)
		} else if err == nil && !ok {
			return true, nil
		}
	}
	return leased(d.leaseFolder()), nil
}

// Unlock gives the lock back.
func (l *Lock) Unlock() error {
	held.CompareAndDelete(l.dir, l)
	l.lease.release()
	return l.unflock()
}

func (l *Lock) unflock() error {
	if l.flock == nil {
		return nil
	}
	return l.flock.Unlock()
}

// fence is an error if this process had the lock of the folder of path, or of the folder
// around that, and has lost it. Whatever writes in a run folder asks it first.
func fence(path string) error {
	for range 2 {
		path = filepath.Dir(path)
		if l, ok := held.Load(Dir(path)); ok {
			if err := l.(*Lock).lease.check(); err != nil {
				return fmt.Errorf("%s: %w", path, err)
			}
		}
	}
	return nil
}
