//go:build !unix

package worker

import (
	"os"
	"os/exec"
)

func OwnGroup(*exec.Cmd) {}

func signalOf(*exec.ExitError) os.Signal { return nil }
