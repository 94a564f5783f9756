//go:build cgo

// Package exception turns C++ exceptions of libtorch into errors of Go.
//
//  1. After a call of libtch, the C layer of gotch, Check panics with the exception that
//     the call left behind, if it did.
//  2. Catch calls a function and returns the exception that it panicked with as an error.
//
// libtorch keeps its last exception per thread, so callers lock their goroutine to its
// thread from the call to the Check.
package exception

import "C"

import (
	"strings"
	"unsafe"

	"github.com/sugarme/gotch/libtch"
)

// Error is an exception: what was called, and the first line of its message, without the
// stack trace.
type Error struct{ Op, Message string }

// New is the exception of a call that op names, by its whole message.
func New(op, message string) Error {
	line, _, _ := strings.Cut(strings.TrimSpace(message), "\n")
	return Error{op, line}
}

func (e Error) Error() string { return "libtorch: " + e.Op + ": " + e.Message }

// Check panics with an Error if the last call of libtorch, which op names, ended in an
// exception.
func Check(op string) {
	e := libtch.GetAndResetLastErr()
	if e == nil {
		return
	}
	panic(New(op, C.GoString((*C.char)(unsafe.Pointer(e)))))
}

// Catch calls f and returns an Error that it panicked with, else what f returns. Other
// panics go on.
func Catch(f func() error) (err error) {
	defer func() {
		switch e := recover().(type) {
		case nil:
		case Error:
			err = e
		default:
			panic(e)
		}
	}()
	return f()
}
