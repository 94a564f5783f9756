package record

import (
	"context"
	"os"
	"time"

	"github.com/gofrs/flock"

	"fig5/fid/files"
)

// Lock is the exclusive right to write in one run folder. The kernel gives it
// back when its holder dies, however it dies.
type Lock struct{ f *flock.Flock }

// lockPoll is how often a waiting Lock looks again: flock(2) can wait by itself
// but not be told to stop waiting.
const lockPoll = 100 * time.Millisecond

// Lock makes the folder if need be and waits until nobody else holds its lock or
// ctx ends.
func (d Dir) Lock(ctx context.Context) (*Lock, error) {
	f, err := d.openLock()
	if err != nil {
		return nil, err
	}
	if _, err := f.TryLockContext(ctx, lockPoll); err != nil {
		return nil, files.Error(d.LockFile(), err)
	}
	return &Lock{f}, nil
}

// TryLock is Lock without waiting: nil and no error when somebody else holds it.
func (d Dir) TryLock() (*Lock, error) {
	f, err := d.openLock()
	if err != nil {
		return nil, err
	}
	ok, err := f.TryLock()
	if err != nil {
		return nil, files.Error(d.LockFile(), err)
	}
	if !ok {
		return nil, nil
	}
	return &Lock{f}, nil
}

// Busy reports whether somebody holds the lock. It makes no file.
func (d Dir) Busy() (bool, error) {
	if _, err := os.Stat(d.LockFile()); err != nil {
		return false, nil
	}
	f := flock.New(d.LockFile(), flock.SetFlag(os.O_RDONLY))
	ok, err := f.TryRLock()
	if err != nil {
		return false, files.Error(d.LockFile(), err)
	}
	return !ok, f.Unlock()
}

func (d Dir) openLock() (*flock.Flock, error) {
	if err := os.MkdirAll(string(d), 0o755); err != nil {
		return nil, files.Error(string(d), err)
	}
	return flock.New(d.LockFile(), flock.SetPermissions(0o644)), nil
}

// Unlock gives the lock back.
func (l *Lock) Unlock() error { return l.f.Unlock() }
