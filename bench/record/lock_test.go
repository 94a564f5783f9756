package record

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/gofrs/flock"
)

// holdLock is the environment variable that makes this test binary take a lock, and write
// in the folder for every line that it reads. noFlockHere takes the flock away from it.
const (
	holdLock    = "FIG5_TEST_HOLD_LOCK"
	noFlockHere = "FIG5_TEST_NO_FLOCK"
)

func TestMain(m *testing.M) {
	if dir := os.Getenv(holdLock); dir != "" {
		if os.Getenv(noFlockHere) != "" {
			tryFlock = func(*flock.Flock) (bool, error) { return false, syscall.ENOLCK }
			leaseRenew, leaseStale = 20*time.Millisecond, 300*time.Millisecond
		}
		l, err := Dir(dir).Lock(context.Background())
		if err != nil {
			fmt.Println(err)
			os.Exit(1)
		}
		fmt.Println("locked")
		for in := bufio.NewScanner(os.Stdin); in.Scan(); {
			fmt.Println(WriteCurve(Dir(dir).Curve(), nil))
		}
		l.Unlock()
		os.Exit(0)
	}
	// Every file is synced; killed processes are no different on a disk in memory.
	if info, err := os.Stat("/dev/shm"); err == nil && info.IsDir() && os.Getenv("TMPDIR") == "" {
		os.Setenv("TMPDIR", "/dev/shm")
	}
	os.Exit(m.Run())
}

// holder is a process that holds the lock of a folder.
type holder struct {
	*exec.Cmd
	in  io.WriteCloser
	out *bufio.Reader
}

func startHolder(t *testing.T, d Dir, env ...string) holder {
	t.Helper()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(append(os.Environ(), holdLock+"="+string(d)), env...)
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { cmd.Process.Kill(); cmd.Wait() })
	h := holder{cmd, in, bufio.NewReader(out)}
	if line := h.line(t); line != "locked\n" {
		t.Fatalf("the other process: %q", line)
	}
	return h
}

func (h holder) line(t *testing.T) string {
	t.Helper()
	line, err := h.out.ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	return line
}

// The lock keeps others out, and is free the moment its holder is killed.
func TestLockOfKilledProcess(t *testing.T) {
	d := Dir(t.TempDir()).Sweep().Cell("new")
	cmd := startHolder(t, d)
	if l, err := d.TryLock(); l != nil || err != nil {
		t.Fatalf("a second lock: %v %v", l, err)
	}
	if busy, err := d.Busy(); !busy || err != nil {
		t.Fatalf("busy: %v %v", busy, err)
	}
	gone, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := d.Lock(gone); !errors.Is(err, context.Canceled) {
		t.Fatalf("waiting without patience: %v", err)
	}
	if err := cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	l, err := d.Lock(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	if err := l.Unlock(); err != nil {
		t.Fatal(err)
	}
	for _, d := range []Dir{d, d.Sweep().Cell("other")} {
		if busy, err := d.Busy(); busy || err != nil {
			t.Fatalf("%s is busy: %v %v", d, busy, err)
		}
	}
	if l, err := d.TryLock(); l == nil || err != nil {
		t.Fatalf("after Unlock: %v %v", l, err)
	}
}

// withoutFlock gives this test a file system whose flock does not hold: it does not exist,
// or each of two machines has one of its own.
func withoutFlock(t *testing.T, ok bool, err error) {
	lock, machine, renew, stale := tryFlock, machineID, leaseRenew, leaseStale
	t.Cleanup(func() { tryFlock, machineID, leaseRenew, leaseStale = lock, machine, renew, stale })
	tryFlock = func(*flock.Flock) (bool, error) { return ok, err }
	leaseRenew, leaseStale = 20*time.Millisecond, 300*time.Millisecond
}

// Where flock does not hold, the lease does: of many, one at a time is in the folder.
func TestLease(t *testing.T) {
	withoutFlock(t, false, syscall.ENOLCK)
	d := Dir(t.TempDir()).Sweep().Cell("new")
	var inside, most atomic.Int32
	var wait sync.WaitGroup
	count := 0 // the race detector watches it too
	for range 8 {
		wait.Add(1)
		go func() {
			defer wait.Done()
			for range 20 {
				l, err := d.Lock(context.Background())
				if err != nil {
					t.Error(err)
					return
				}
				most.Store(max(most.Load(), inside.Add(1)))
				count++
				inside.Add(-1)
				if err := l.Unlock(); err != nil {
					t.Error(err)
				}
			}
		}()
	}
	wait.Wait()
	if count != 160 || most.Load() != 1 {
		t.Errorf("%d times, %d at once", count, most.Load())
	}
	left, err := os.ReadDir(string(d))
	if err != nil || len(left) != 1 || !exists(filepath.Join(d.leaseFolder(), leaseFree)) {
		t.Errorf("left: %v %v", left, err)
	}
}

// A lock that is given back leaves nothing behind in the process: a sweep takes one a cell.
func TestLeaseLeavesNothing(t *testing.T) {
	d := Dir(t.TempDir())
	before := runtime.NumGoroutine()
	for range 100 {
		l, err := d.Lock(context.Background())
		if err != nil {
			t.Fatal(err)
		}
		if err := l.Unlock(); err != nil {
			t.Fatal(err)
		}
	}
	if n := runtime.NumGoroutine() - before; n > 10 {
		t.Errorf("%d goroutines are left of 100 locks", n)
	}
}

// A holder that lives keeps the lease however long; that of one that died on another
// machine is taken over when it is stale.
func TestLeaseOfDeadHolder(t *testing.T) {
	d := Dir(t.TempDir())
	other := startHolder(t, d)
	withoutFlock(t, true, nil)
	machineID = func() string { return "another-machine" }
	leaseRenew, leaseStale = 20*time.Second, 300*time.Millisecond
	if l, err := d.TryLock(); l != nil || err != nil {
		t.Fatalf("%v %v", l, err)
	}
	if busy, err := d.Busy(); !busy || err != nil {
		t.Errorf("busy: %v %v", busy, err)
	}
	if err := other.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	if l, err := d.TryLock(); l != nil || err != nil {
		t.Fatalf("nobody could know yet: %v %v", l, err)
	}
	began := time.Now()
	l, err := d.Lock(context.Background())
	if err != nil || time.Since(began) < leaseStale {
		t.Fatalf("%v after %v", err, time.Since(began))
	}
	if err := l.Unlock(); err != nil {
		t.Fatal(err)
	}
}

// A process that stood still while its lease was taken over writes nothing any more.
func TestLeaseLost(t *testing.T) {
	withoutFlock(t, false, syscall.ENOLCK)
	d := Dir(t.TempDir())
	other := startHolder(t, d, noFlockHere+"=1")
	write := func() string { fmt.Fprintln(other.in); return other.line(t) }
	for range 3 { // each longer than it takes to renew
		time.Sleep(leaseStale / 2)
		if said := write(); said != "<nil>\n" {
			t.Fatal(said)
		}
	}
	if l, err := d.TryLock(); l != nil || err != nil {
		t.Fatalf("%v %v", l, err)
	}
	if err := other.Process.Signal(syscall.SIGSTOP); err != nil {
		t.Fatal(err)
	}
	l, err := d.Lock(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Remove(d.Curve()); err != nil {
		t.Fatal(err)
	}
	if err := other.Process.Signal(syscall.SIGCONT); err != nil {
		t.Fatal(err)
	}
	if said := write(); !strings.Contains(said, errLost.Error()) || exists(d.Curve()) {
		t.Errorf("it wrote: %s", said)
	}
	other.in.Close()
	if err := other.Wait(); err != nil {
		t.Error(err)
	}
	if busy, err := d.Busy(); !busy || err != nil {
		t.Errorf("it gave back what it had lost: %v %v", busy, err)
	}
	if err := l.Unlock(); err != nil {
		t.Fatal(err)
	}
}

// Files that were copied or deleted by hand are no obstacle.
func TestLeaseByHand(t *testing.T) {
	withoutFlock(t, false, syscall.ENOLCK)
	leaseStale = 0
	d := Dir(t.TempDir())
	for _, names := range [][]string{{}, {leaseFree}, {leaseFree, "held,a,1,m,ab,7"}, {"held,a,1,m,ab,7", "held,a,1,m,ab,8", "note.txt"}} {
		if err := os.RemoveAll(d.leaseFolder()); err != nil {
			t.Fatal(err)
		}
		if err := os.Mkdir(d.leaseFolder(), 0o755); err != nil {
			t.Fatal(err)
		}
		for _, name := range names {
			if err := os.WriteFile(filepath.Join(d.leaseFolder(), name), nil, 0o644); err != nil {
				t.Fatal(err)
			}
		}
		l, err := d.Lock(context.Background())
		if err != nil {
			t.Fatal(err)
		}
		if now, err := leaseFiles(d.leaseFolder()); len(now) != 1 || err != nil {
			t.Errorf("%v: held as %v %v", names, now, err)
		}
		if err := l.Unlock(); err != nil {
			t.Fatal(err)
		}
	}
}
