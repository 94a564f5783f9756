//go:build !unix

package worker

import "os/exec"

func OwnGroup(*exec.Cmd) {}

func signalOf(*exec.ExitError) string { return "" }

func toldToStop(*exec.ExitError) bool { return false }
