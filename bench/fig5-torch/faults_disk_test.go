//go:build cgo && linux

package main

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"fig5/bench/record"
)

// clock sets the clock back by a year for all that comes: to a program it is the same
// whether the clock goes back or all that it finds on the disk was written in the future.
// (Within a process Go measures time by a clock that does not jump.)
func (c *campaign) clock(half string) {
	const year = 365 * 24 * time.Hour
	dir := c.copy(half)
	runs, err := record.Find(dir)
	if err != nil {
		c.t.Fatal(err)
	}
	for _, d := range runs {
		r, err := d.Load()
		if err != nil {
			c.t.Fatal(err)
		}
		r.Started = r.Started.Add(year)
		if r.Ended() {
			r.Finished = r.Finished.Add(year)
		}
		if err := d.Save(r); err != nil {
			c.t.Fatal(err)
		}
	}
	err = filepath.WalkDir(dir, func(path string, e fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		return os.Chtimes(path, time.Now().Add(year), time.Now().Add(year))
	})
	if err != nil {
		c.t.Fatal(err)
	}
	c.mustEqual(dir, "a clock that went back a year")
	for _, d := range runs {
		if r, err := d.Load(); err != nil || r.Seconds < 0 || r.Seconds > 3600 {
			c.t.Fatalf("%s: %v seconds of work, %v", d, r.Seconds, err)
		}
	}
	for _, verb := range []string{"ls runs", "show runs/faults/cold-s00"} {
		if out, code := c.fig5(dir, append([]string{"runs"}, strings.Fields(verb)...)...); code != 0 {
			c.t.Fatalf("runs %s: %s", verb, out)
		}
	}
	c.t.Log("the clock went back a year")
}

// mount makes a file system in memory of so many kB; false where that is not allowed.
func (c *campaign) mount(kB int) (dir string, ok bool) {
	dir = c.t.TempDir()
	if err := syscall.Mount("tmpfs", dir, "tmpfs", 0, fmt.Sprintf("size=%dk", kB)); err != nil {
		return "", false
	}
	c.t.Cleanup(func() { syscall.Unmount(dir, syscall.MNT_DETACH) })
	return dir, true
}

func (c *campaign) remount(dir string, flags uintptr, options string) {
	c.t.Helper()
	if err := syscall.Mount("tmpfs", dir, "tmpfs", syscall.MS_REMOUNT|flags, options); err != nil {
		c.t.Fatal(err)
	}
}

const cannotMount = "not tested, as this user may not mount a tmpfs"

// fullDisks trains n times on a disk that fills at some write, and then grows.
func (c *campaign) fullDisks(n int) {
	size := 0 // of the finished sweep, in kB
	for _, content := range c.want {
		size += 4 * (len(content)/4096 + 1) / 3
	}
	full := 0
	for range n {
		kB := 8 + 4*c.rng.IntN(size/4)
		dir, ok := c.mount(kB)
		if !ok {
			c.t.Log("a full disk:", cannotMount)
			return
		}
		c.config(dir)
		for tries := 0; ; tries++ {
			out, code := c.fig5(dir, sweepArgs...)
			if code == 0 {
				break
			}
			if code != 1 || !strings.Contains(out, "no space left on device") {
				c.t.Fatalf("a disk of %d kB: exit code %d\n%s", kB, code, out)
			}
			full++
			if kB += 4 * (1 + c.rng.IntN(size)); tries > 1 {
				kB = 1 << 16
			}
			c.remount(dir, 0, fmt.Sprintf("size=%dk", kB))
		}
		c.mustEqual(dir, "a full disk")
		c.remount(dir, 0, "size=64m")
	}
	c.t.Logf("%d disks were full %d times", n, full)
}

// readOnly runs an unfinished sweep on a read-only disk, and then on a writable one; a
// finished one wants nothing of it.
func (c *campaign) readOnly(whole, half string) {
	for _, from := range []string{whole, half} {
		dir, ok := c.mount(1 << 16)
		if !ok {
			c.t.Log("a read-only disk:", cannotMount)
			return
		}
		if err := os.CopyFS(dir, os.DirFS(from)); err != nil {
			c.t.Fatal(err)
		}
		c.remount(dir, syscall.MS_RDONLY, "")
		out, code := c.fig5(dir, sweepArgs...)
		if from == whole && code != 0 || from == half && (code == 0 || !strings.Contains(out, "read-only file system")) {
			c.t.Fatalf("read-only: exit code %d\n%s", code, out)
		}
		c.remount(dir, 0, "")
		c.mustEqual(dir, "a read-only disk")
	}
	c.t.Log("a disk was read-only")
}
