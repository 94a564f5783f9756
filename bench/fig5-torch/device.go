//go:build cgo

package main

import (
	"github.com/spf13/cobra"

	"fig5/bench/nn"
)

func newDevice() *cobra.Command {
	return &cobra.Command{
		Use:   "device NAME",
		Short: "Say whether train.device can be NAME here, and why not",
		Long: `Device ends with exit code 0 where this program and this machine can train on the device
NAME, cpu or cuda:N; else with a line that says what is missing and exit code 2. fig5 plan
and fig5 run ask it before they start anything.`,
		Example: "  fig5-torch device cuda:0",
		Args:    cobra.ExactArgs(1),
		RunE: func(_ *cobra.Command, args []string) error {
			_, err := nn.OpenDevice(args[0])
			return err
		},
	}
}
