package main

import (
	"context"
	"io"
	"os"
	"strings"
	"testing"
)

func TestZZProf(t *testing.T) {
	args := strings.Fields(os.Getenv("ZZ"))
	if len(args) == 0 {
		t.Skip()
	}
	var code int
	code = run(context.Background(), args, nil, io.Discard, os.Stderr)
	t.Log(code)
}
