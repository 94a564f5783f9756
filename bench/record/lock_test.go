package record

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"testing"
	"time"
)

// holdLock is the environment variable that makes this test binary take a lock and
// keep it until it is killed.
const holdLock = "FIG5_TEST_HOLD_LOCK"

func TestMain(m *testing.M) {
	if dir := os.Getenv(holdLock); dir != "" {
		l, err := Dir(dir).Lock(context.Background())
		if err != nil {
			fmt.Println(err)
			os.Exit(1)
		}
		fmt.Println("locked")
		time.Sleep(time.Hour) // an empty select would be found out as a deadlock
		runtime.KeepAlive(l)
	}
	// Every file is synced; killed processes are no different on a disk in memory.
	if info, err := os.Stat("/dev/shm"); err == nil && info.IsDir() && os.Getenv("TMPDIR") == "" {
		os.Setenv("TMPDIR", "/dev/shm")
	}
	os.Exit(m.Run())
}

// The lock keeps others out, and is free the moment its holder is killed.
func TestLockOfKilledProcess(t *testing.T) {
	d := Dir(t.TempDir()).Sweep().Cell("new")
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), holdLock+"="+string(d))
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	defer cmd.Process.Kill()
	if line, err := bufio.NewReader(out).ReadString('\n'); line != "locked\n" {
		t.Fatalf("the other process: %q %v", line, err)
	}
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
	_ = cmd.Wait()
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
