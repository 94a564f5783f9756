//go:build cgo

package kernel

/*
#cgo CFLAGS: -std=c99 -O2 -Wall -Wextra
#cgo LDFLAGS: -lm
#cgo noescape kernel_linear_forward
#cgo nocallback kernel_linear_forward
#cgo noescape kernel_linear_backward
#cgo nocallback kernel_linear_backward
#cgo noescape kernel_slope
#cgo nocallback kernel_slope
#cgo noescape kernel_norm_forward
#cgo nocallback kernel_norm_forward
#cgo noescape kernel_norm_backward
#cgo nocallback kernel_norm_backward
#cgo noescape kernel_norm_infer
#cgo nocallback kernel_norm_infer
#cgo noescape kernel_softplus
#cgo nocallback kernel_softplus
#cgo noescape kernel_adam
#cgo nocallback kernel_adam
#cgo noescape kernel_sgd
#cgo nocallback kernel_sgd
#cgo noescape kernel_patches_take
#cgo nocallback kernel_patches_take
#cgo noescape kernel_patches_put
#cgo nocallback kernel_patches_put
#cgo noescape kernel_tanh
#cgo nocallback kernel_tanh
#include "kernel.h"
*/
import "C"

import (
	"fmt"
	"math"
	"os"
	"strings"
	"unsafe"
)

// set is the instruction set in use.
var set *C.kernels

// asked is the error in FIG5_KERNELS.
var asked error

func init() {
	if asked = Use(os.Getenv("FIG5_KERNELS")); asked != nil {
		Use("")
	}
}

// Err tells that FIG5_KERNELS names no instruction set of this machine; the best is
// in use then. A program whose numbers matter asks at its start.
func Err() error { return asked }

// Set is the name of the instruction set in use: avx512, avx2, neon or portable.
func Set() string { return C.GoString(set.name) }

// Sets lists the instruction sets that this machine can run, best first.
func Sets() []string {
	var names []string
	for _, s := range sets() {
		names = append(names, C.GoString(s.name))
	}
	return names
}

// Use chooses an instruction set by name, "" for the best. It is not safe while
// another goroutine is in an operation.
func Use(name string) error {
	for _, s := range sets() {
		if name == "" || name == C.GoString(s.name) {
			set = s
			C.kernel_use(s)
			return nil
		}
	}
	return fmt.Errorf("FIG5_KERNELS: %q is not an instruction set of this machine (%s)", name, strings.Join(Sets(), ", "))
}

func sets() (list []*C.kernels) {
	for s := C.kernel_set(0); s != nil; s = C.kernel_set(C.int(len(list))) {
		list = append(list, s)
	}
	return list
}

// ptr is the address of the first of at least n values.
func ptr(what string, s []float32, n int) *C.float {
	if len(s) < n {
		short(what, len(s), n)
	}
	return (*C.float)(unsafe.Pointer(unsafe.SliceData(s)))
}

// optional is ptr, or nil for a nil slice.
func optional(what string, s []float32, n int) *C.float {
	if s == nil {
		return nil
	}
	return ptr(what, s, n)
}

func short(what string, have, want int) {
	panic(fmt.Sprintf("kernel: %s holds %d values of the %d needed", what, have, want))
}

// Activation is what follows a Linear layer.
type Activation int

// The activations.
const (
	None      Activation = C.ACT_NONE
	ReLU      Activation = C.ACT_RELU
	Tanh      Activation = C.ACT_TANH
	LeakyReLU Activation = C.ACT_LEAKY // slope 0.2 below 0
)

// Linear is a fully connected layer, y = act(x w + b) with w[in][out].
type Linear struct {
	In, Out int
	Act     Activation
}

// Forward computes y[rows][out] from x[rows][in], w[in][out] and b[out]; a nil b is zero.
func (l Linear) Forward(y, x, w, b []float32, rows int) {
	C.kernel_linear_forward(ptr("y", y, rows*l.Out), ptr("x", x, rows*l.In), ptr("w", w, l.In*l.Out), optional("b", b, l.Out),
		C.long(rows), C.long(l.In), C.long(l.Out), C.int(l.Act))
}

// Backward goes from dy[rows][out], the gradient at the layer's output y, to
//
//	dz = dy ∘ act'(y)    in place of dy
//	dw = xᵀ dz           added to dw if add
//	db = column sums     added to db if add
//	dx = dz wᵀ
//
// and leaves out what is nil. y is not read where there is no activation, x not
// where dw is nil, w not where dx is nil.
func (l Linear) Backward(dx, dw, db, dy, x, w, y []float32, rows int, add bool) {
	l.Slope(dy, y, rows)
	l.BackwardZ(dx, dw, db, dy, x, w, rows, None, add)
}

// Slope is the first part of Backward: dy becomes dz, the gradient at z = x w + b.
func (l Linear) Slope(dy, y []float32, rows int) {
	if n := rows * l.Out; l.Act != None {
		C.kernel_slope(ptr("dy", dy, n), ptr("y", y, n), C.long(n), C.int(l.Act))
	}
}

// BackwardZ is the rest of Backward, from dz on. Where x = below(h) is the output
// of an activation, dx is the gradient at h, the dz of the layer below, so that a
// chain of layers needs no Slope but at its end. db without dw is not computed.
// dx may be x, which keeps the working set small, if Out ≤ 256 or below is None.
func (l Linear) BackwardZ(dx, dw, db, dz, x, w []float32, rows int, below Activation, add bool) {
	if dw != nil || dx != nil && below != None {
		ptr("x", x, rows*l.In)
	}
	if dx != nil {
		ptr("w", w, l.In*l.Out)
	}
	C.kernel_linear_backward(optional("dx", dx, rows*l.In), optional("dw", dw, l.In*l.Out), optional("db", db, l.Out),
		ptr("dz", dz, rows*l.Out), ptr("x", x, 0), ptr("w", w, 0), C.long(rows), C.long(l.In), C.long(l.Out), C.int(below), flag(add))
}

func flag(b bool) C.int {
	if b {
		return 1
	}
	return 0
}

// What PyTorch's BatchNorm1d takes by default.
const (
	NormMomentum = 0.1
	NormEps      = 1e-5
)

// Norm is batch normalisation over the rows, followed by ReLU or LeakyReLU:
//
//	y = act(gamma (x - mean) / sqrt(var + eps) + beta)
type Norm struct {
	Width int
	Act   Activation // LeakyReLU; ReLU whatever else
}

// Forward normalises x[rows][width] to y by the batch's own mean and biased
// variance, which it leaves in mean and invstd, 1/sqrt(var + eps), for Backward.
// The running mean and (unbiased) variance move a tenth of the way to the
// batch's, unless they are nil. y may be x, if Backward is not to follow.
func (n Norm) Forward(y, x, gamma, beta, runMean, runVar, mean, invstd []float32, rows int) {
	w, all := n.Width, rows*n.Width
	if (runMean == nil) != (runVar == nil) {
		panic("kernel: running mean and variance go together")
	}
	C.kernel_norm_forward(ptr("y", y, all), ptr("x", x, all), ptr("gamma", gamma, w), ptr("beta", beta, w),
		optional("running mean", runMean, w), optional("running variance", runVar, w), ptr("mean", mean, w), ptr("invstd", invstd, w),
		C.long(rows), C.long(w), NormMomentum, NormEps, n.act())
}

// Backward goes from dy, the gradient at y, to dx (which may be dy), dgamma and
// dbeta (added to if add; left out where both are nil). x, y, mean and invstd are
// those of Forward.
func (n Norm) Backward(dx, dgamma, dbeta, dy, x, y, gamma, mean, invstd []float32, rows int, add bool) {
	w, all := n.Width, rows*n.Width
	if (dgamma == nil) != (dbeta == nil) {
		panic("kernel: dgamma and dbeta go together")
	}
	C.kernel_norm_backward(ptr("dx", dx, all), optional("dgamma", dgamma, w), optional("dbeta", dbeta, w), ptr("dy", dy, all),
		ptr("x", x, all), ptr("y", y, all), ptr("gamma", gamma, w), ptr("mean", mean, w), ptr("invstd", invstd, w),
		C.long(rows), C.long(w), flag(add), n.act())
}

// Infer normalises by the running mean and variance. y may be x.
func (n Norm) Infer(y, x, gamma, beta, runMean, runVar []float32, rows int) {
	w, all := n.Width, rows*n.Width
	C.kernel_norm_infer(ptr("y", y, all), ptr("x", x, all), ptr("gamma", gamma, w), ptr("beta", beta, w),
		ptr("running mean", runMean, w), ptr("running variance", runVar, w), C.long(rows), C.long(w), NormEps, n.act())
}

func (n Norm) act() C.int {
	if n.Act == LeakyReLU {
		return C.ACT_LEAKY
	}
	return C.ACT_RELU
}

// Patches are the 4 × 4 patches at steps of 2 of maps, images of Side × Side pixels, behind
// a border of one zero pixel; a patch is 16·Channels numbers (y, x, channel), of which an
// image has (Side/2)². Maps lie pixel by pixel, or channel by channel if Planar.
type Patches struct {
	Channels, Side int
	Planar         bool
}

func (p Patches) sizes(images int) (maps, patches, line int) {
	maps = images * p.Side * p.Side * p.Channels
	return maps, 4 * maps, (p.Side + 2) * p.Channels
}

// Take writes the patches of so many images of maps; sums, unless nil, grows by the sum of
// each channel. line is for (Side + 2)·Channels numbers on the way.
func (p Patches) Take(patches, maps, sums, line []float32, images int) {
	n, m, l := p.sizes(images)
	C.kernel_patches_take(ptr("patches", patches, m), ptr("maps", maps, n), optional("sums", sums, p.Channels), ptr("line", line, l),
		C.long(images), C.long(p.Side), C.long(p.Channels), flag(p.Planar))
}

// Put is its transpose: maps = act(bias + all that patches hold for a pixel). A nil bias,
// one a channel, is zero.
func (p Patches) Put(maps, patches, bias, line []float32, images int, act Activation) {
	n, m, l := p.sizes(images)
	C.kernel_patches_put(ptr("maps", maps, n), ptr("patches", patches, m), optional("bias", bias, p.Channels), ptr("line", line, l),
		C.long(images), C.long(p.Side), C.long(p.Channels), flag(p.Planar), C.int(act))
}

// Softplus is c · mean(log(1 + exp(s x))) and, unless dx is nil, its gradient. Of the logits
// of a discriminator it makes every loss: -mean log D is that of s = -1, c = 1, and
// mean log(1 - D) that of s = 1, c = -1.
func Softplus(dx, x []float32, s, c float32) float64 {
	n := len(x)
	return float64(C.kernel_softplus(optional("gradient", dx, n), ptr("logits", x, n), C.long(n), C.float(s), C.float(c)))
}

// Adam holds the constants of Kingma & Ba 2015, Algorithm 1.
type Adam struct {
	LR, Beta1, Beta2, Eps float64
}

// Step updates the parameters p by their gradients g, with the moments m and v,
// which begin at zero; t = 1 is the first step. As torch.optim.Adam computes it:
//
//	p -= lr/(1 - beta1^t) · m / (sqrt(v)/sqrt(1 - beta2^t) + eps)
func (a Adam) Step(p, g, m, v []float32, t int64) {
	n := len(p)
	k := [5]C.float{
		C.float(a.LR / (1 - math.Pow(a.Beta1, float64(t)))), C.float(1 - a.Beta1), C.float(1 - a.Beta2),
		C.float(1 / math.Sqrt(1-math.Pow(a.Beta2, float64(t)))), C.float(a.Eps),
	}
	C.kernel_adam(ptr("p", p, n), ptr("g", g, n), ptr("m", m, n), ptr("v", v, n), C.long(n), &k[0])
}

// SGD is gradient descent with momentum, as torch.optim.SGD computes it.
type SGD struct {
	LR, Momentum float64
}

// Step updates p by g: m = momentum m + g, p -= lr m; m begins at zero.
func (s SGD) Step(p, g, m []float32) {
	n := len(p)
	C.kernel_sgd(ptr("p", p, n), ptr("g", g, n), ptr("m", m, n), C.long(n), C.float(s.LR), C.float(s.Momentum))
}

// tanh replaces every value by its hyperbolic tangent.
func tanh(x []float32) { C.kernel_tanh(ptr("x", x, len(x)), C.long(len(x))) }
