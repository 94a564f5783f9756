//go:build cgo

package nn

// #include "torch.h"
// #cgo LDFLAGS: -ldl
import "C"

import (
	"fmt"
	"strconv"
	"strings"
)

// Device is where tensors are, by libtorch's number: that of a GPU, or CPU.
type Device int32

// CPU is the processor.
const CPU Device = -1

// OpenDevice is the device of a name, cpu or cuda:N. The first GPU to be asked for loads
// libtorch's CUDA libraries, which the program is not linked with: they take seconds and
// gigabytes. The error says what is missing.
func OpenDevice(name string) (Device, error) {
	if name == "cpu" {
		return CPU, nil
	}
	n, err := strconv.Atoi(strings.TrimPrefix(name, "cuda:"))
	if err != nil || n < 0 {
		return CPU, fmt.Errorf("%q is not a device (cpu or cuda:N)", name)
	}
	var why [400]C.char
	gpus := int(C.fig5_gpus(&why[0], C.long(len(why))))
	text := strings.Join(strings.Fields(C.GoString(&why[0])), " ")
	switch {
	case strings.HasPrefix(text, "libtorch_cuda.so: cannot open"):
		return CPU, fmt.Errorf("%s: this program is built against a libtorch %s without CUDA; `make build LIBTORCH=python` takes the PyTorch of the python3 in use", name, LibtorchVersion())
	case gpus < 0:
		return CPU, fmt.Errorf("%s: the CUDA libraries of libtorch %s cannot be loaded: %s", name, LibtorchVersion(), text)
	case gpus == 0:
		return CPU, fmt.Errorf("%s: libtorch %s finds no GPU on this machine", name, LibtorchVersion())
	case n >= gpus:
		return CPU, fmt.Errorf("%s: the last GPU of this machine is cuda:%d", name, gpus-1)
	}
	return Device(n), nil
}
