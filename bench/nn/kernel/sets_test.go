//go:build cgo

package kernel

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"hash"
	"math"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// alike are the sets that give the same bytes.
var alike = []string{"avx2", "avx512"}

// bothSets skips a test where the machine lacks one of the sets that give the same bytes.
func bothSets(t *testing.T) {
	t.Helper()
	for _, name := range alike {
		if !slices.Contains(Sets(), name) {
			t.Skipf("this machine does not run %s", name)
		}
	}
	before := Set()
	t.Cleanup(func() { Use(before) })
}

// A call is one operation on buffers that are drawn as it asks for them, so the same
// every time for the same seed. What it writes is kept in results.
type call struct {
	rows, in, out int
	act           Activation
	add           bool
	omit          int // which of the optional buffers are nil: a bit each
	draw          func() float32
	fences        fences
	results       []result
}

type result struct {
	what string
	v    []float32
}

// input is n drawn values that the operation only reads.
func (c *call) input(n int) []float32 { return c.fences.new(n, c.draw) }

// output is n values that the operation writes, or adds to.
func (c *call) output(what string, n int, fill func() float32) []float32 {
	v := c.fences.new(n, fill)
	c.results = append(c.results, result{what, v})
	return v
}

// optional is an output, or nil if bit of omit is set.
func (c *call) optional(bit int, what string, n int, fill func() float32) []float32 {
	if c.omit&(1<<bit) != 0 {
		return nil
	}
	return c.output(what, n, fill)
}

// before fills what the operation adds to if add, and overwrites if not.
func (c *call) before() func() float32 {
	if c.add {
		return c.draw
	}
	return garbage
}

// Every operation of the package.
var operations = []struct {
	name  string
	bytes string // see TestPinnedOperations
	run   func(c *call)
}{
	{"forward", "16d4e1a3c542adc9", func(c *call) {
		x, w, b := c.input(c.rows*c.in), c.input(c.in*c.out), c.input(c.out)
		if c.omit&1 != 0 {
			b = nil
		}
		Linear{c.in, c.out, c.act}.Forward(c.output("y", c.rows*c.out, garbage), x, w, b, c.rows)
	}},
	{"backward", "39a530e49fca78c0", func(c *call) {
		x, w, dz := c.input(c.rows*c.in), c.input(c.in*c.out), c.input(c.rows*c.out)
		Linear{In: c.in, Out: c.out}.BackwardZ(c.optional(0, "dx", c.rows*c.in, garbage), c.optional(1, "dw", c.in*c.out, c.before()),
			c.optional(2, "db", c.out, c.before()), dz, x, w, c.rows, c.act, c.add)
	}},
	{"slope", "39a7ca610c271985", func(c *call) {
		y := c.input(c.rows * c.out)
		Linear{c.in, c.out, c.act}.Slope(c.output("dy", c.rows*c.out, c.draw), y, c.rows)
	}},
	{"norm forward", "d4aa91a07123453f", func(c *call) {
		x, gamma, beta := c.input(c.rows*c.out), c.input(c.out), c.input(c.out)
		var mean, variance []float32
		if c.omit&1 == 0 {
			mean, variance = c.output("running mean", c.out, c.draw), c.output("running variance", c.out, c.draw)
		}
		Norm{Width: c.out, Act: c.act}.Forward(c.output("y", c.rows*c.out, garbage), x, gamma, beta, mean, variance,
			c.output("mean", c.out, garbage), c.output("invstd", c.out, garbage), c.rows)
	}},
	{"norm backward", "4d42107eec9562c3", func(c *call) {
		n, w := c.rows*c.out, c.out
		dy, x, y, gamma, mean, inv := c.input(n), c.input(n), c.input(n), c.input(w), c.input(w), c.input(w)
		var dgamma, dbeta []float32
		if c.omit&1 == 0 {
			dgamma, dbeta = c.output("dgamma", w, c.before()), c.output("dbeta", w, c.before())
		}
		Norm{Width: w, Act: c.act}.Backward(c.output("dx", n, garbage), dgamma, dbeta, dy, x, y, gamma, mean, inv, c.rows, c.add && dgamma != nil)
	}},
	{"norm infer", "20bded55f804c4ab", func(c *call) {
		n, w := c.rows*c.out, c.out
		x, gamma, beta, mean, variance := c.input(n), c.input(w), c.input(w), c.input(w), c.input(w)
		Norm{Width: w, Act: c.act}.Infer(c.output("y", n, garbage), x, gamma, beta, mean, variance, c.rows)
	}},
	{"D loss", "1cd87beeeb784820", func(c *call) {
		real, fake := c.input(c.rows), c.input(c.rows)
		loss := Softplus(c.optional(0, "dreal", c.rows, garbage), real, -1, 1) + Softplus(c.optional(1, "dfake", c.rows, garbage), fake, 1, 1)
		c.results = append(c.results, result{"loss", halves(loss)})
	}},
	{"G loss", "cec4550666c1b2ea", func(c *call) {
		fake := c.input(c.rows)
		s := float32(1)
		if c.add {
			s = -1
		}
		loss := Softplus(c.optional(0, "dfake", c.rows, garbage), fake, s, -s)
		c.results = append(c.results, result{"loss", halves(loss)})
	}},
	{"Adam", "757e1db61bbcd47d", func(c *call) {
		n := c.in * c.out
		g := c.input(n)
		p, m, v := c.output("p", n, c.draw), c.output("m", n, c.draw), c.output("v", n, func() float32 { return float32(math.Abs(float64(c.draw()))) })
		Adam{LR: 2e-4, Beta1: .5, Beta2: .999, Eps: 1e-8}.Step(p, g, m, v, int64(c.rows))
	}},
	{"SGD", "0fd285817ca0a2a6", func(c *call) {
		n := c.in * c.out
		g := c.input(n)
		SGD{LR: .1, Momentum: .9}.Step(c.output("p", n, c.draw), g, c.output("m", n, c.draw))
	}},
	{"patches", "93cc2e4edba967c9", func(c *call) {
		images, p := 1+c.rows%3, Patches{Channels: c.out, Side: 2 + 2*(c.in%5), Planar: c.add}
		maps, patches, line := p.sizes(images)
		p.Take(c.output("patches", patches, garbage), c.input(maps), c.optional(0, "sums", c.out, c.draw), c.output("line", line, garbage), images)
	}},
	{"patches back", "39ac8cc6f230ff55", func(c *call) {
		images, p := 1+c.rows%3, Patches{Channels: c.out, Side: 2 + 2*(c.in%5), Planar: c.add}
		maps, patches, line := p.sizes(images)
		bias := c.input(c.out)
		if c.omit&1 != 0 {
			bias = nil
		}
		p.Put(c.output("maps", maps, garbage), c.input(patches), bias, c.output("line", line, garbage), images, c.act)
	}},
	{"tanh", "9b1c6817d9b5a166", func(c *call) { tanh(c.output("y", c.in*c.out, c.draw)) }},
}

// halves are the bits of a double as two values that keep them.
func halves(x float64) []float32 {
	b := math.Float64bits(x)
	if math.IsNaN(x) {
		return []float32{garbage(), garbage()}
	}
	return []float32{math.Float32frombits(uint32(b >> 32)), math.Float32frombits(uint32(b))}
}

// wild draws what values draws, of all magnitudes, and now and then what is no number
// or hardly one, but not 2^-126, beside which x86 and arm64 differ (doc.go).
func wild(seed uint64) func() float32 {
	plain := values(seed)
	special := []float32{float32(math.NaN()), float32(math.Inf(1)), float32(math.Inf(-1)), 0, float32(math.Copysign(0, -1)),
		math.SmallestNonzeroFloat32, -1e-40, 0x1.1p-126, -math.MaxFloat32, 1e30, -3e-20, 100, -88, 8.6, -8.7}
	return func() float32 {
		x, pick := plain(), math.Abs(float64(plain()))
		switch {
		case pick < 1./64:
			return special[int(pick*64*float64(len(special)))]
		case pick < .25:
			return float32(math.Ldexp(float64(x), int(1000*pick)-135))
		}
		return x
	}
}

// TestSetsAgree runs every operation on both sets and wants the same bits. Only which
// NaN comes of two is left open: it depends on the order of an instruction's operands.
func TestSetsAgree(t *testing.T) {
	bothSets(t)
	for _, o := range operations {
		t.Run(o.name, func(t *testing.T) {
			rapid.Check(t, func(t *rapid.T) {
				agree(t, o.run, anyCall(t), rapid.Uint64().Draw(t, "seed"), rapid.Bool().Draw(t, "wild"))
			})
		})
	}
}

// anyCall draws sizes: thin ones, a few tiles with what is left over, and now and
// then one so large that a panel does not hold it.
func anyCall(t *rapid.T) call {
	c := call{add: rapid.Bool().Draw(t, "add"), omit: rapid.IntRange(0, 7).Draw(t, "omit"),
		act: rapid.SampledFrom([]Activation{None, ReLU, Tanh, LeakyReLU}).Draw(t, "act")}
	sizes := [...]*int{&c.rows, &c.in, &c.out}
	for i, what := range []string{"rows", "in", "out"} {
		*sizes[i] = rapid.OneOf(rapid.IntRange(1, 3), rapid.IntRange(1, 20), rapid.IntRange(1, 140)).Draw(t, what)
	}
	if rapid.IntRange(0, 3).Draw(t, "large") == 0 {
		*rapid.SampledFrom(sizes[:]).Draw(t, "which") = rapid.OneOf(rapid.IntRange(200, 800),
			rapid.SampledFrom([]int{255, 256, 257, 512, 513, 1365, 1366, 1400})).Draw(t, "size")
	}
	return c
}

// agree makes one call on each set and compares.
func agree(t rapid.TB, run func(c *call), of call, seed uint64, any bool) {
	t.Helper()
	var calls [2]call
	for i, name := range alike {
		c := &calls[i]
		*c = of
		c.draw = values(seed)
		if any {
			c.draw = wild(seed)
		}
		defer c.fences.close(t)
		if err := Use(name); err != nil {
			t.Fatal(err)
		}
		run(c)
	}
	for i, r := range calls[0].results {
		if d := differ(r.v, calls[1].results[i].v); d != "" {
			t.Fatalf("%s%s", r.what, d)
		}
	}
}

// differ says where two results are not the same.
func differ(a, b []float32) string {
	for i, x := range a {
		y := b[i]
		if math.Float32bits(x) != math.Float32bits(y) && !(x != x && y != y) {
			return fmt.Sprintf("[%d]: %s %g (%08x), %s %g (%08x)", i, alike[0], x, math.Float32bits(x), alike[1], y, math.Float32bits(y))
		}
	}
	return ""
}

// pinned runs f on every set that gives the same bytes and wants this digest of them,
// whatever the machine: make test-arm64 compares the same ones.
func pinned(t *testing.T, want string, f func(sum hash.Hash)) {
	t.Helper()
	if Sets()[0] == "portable" {
		t.Skip("this machine runs only the portable set")
	}
	defer Use(Set())
	for _, name := range Sets() {
		if name == "portable" {
			continue
		}
		if err := Use(name); err != nil {
			t.Fatal(err)
		}
		sum := sha256.New()
		f(sum)
		if got := hex.EncodeToString(sum.Sum(nil)[:8]); got != want {
			t.Errorf("%s: digest %s, want %s", name, got, want)
		}
	}
}

// digest adds the bits of values. One NaN is like another.
func digest(sum hash.Hash, values ...[]float32) {
	for _, v := range values {
		b := make([]byte, 0, 4*len(v))
		for _, x := range v {
			if x != x {
				x = garbage()
			}
			b = binary.LittleEndian.AppendUint32(b, math.Float32bits(x))
		}
		sum.Write(b)
	}
}

// Rows, in and out where a panel or a thin product comes to its largest, and the
// widest of the nets.
var limits = [][3]int{{5, 1365, 2}, {5, 1366, 3}, {4, 1400, 1}, {2, 3, 1400}, {256, 20, 33}, {257, 20, 65}, {600, 5, 2}, {513, 70, 64},
	{3, 600, 300}, {20, 784, 256}, {20, 256, 784}, {13, 512, 512}, {128, 512, 1}, {1, 1, 1}}

// TestPinnedOperations makes a few calls of every operation.
func TestPinnedOperations(t *testing.T) {
	for _, o := range operations {
		t.Run(o.name, func(t *testing.T) {
			pinned(t, o.bytes, func(sum hash.Hash) {
				for i, s := range limits {
					for seed := range uint64(4) {
						c := call{rows: s[0], in: s[1], out: s[2], act: Activation(i % 4), add: seed&1 != 0, draw: values(seed)}
						if seed&2 != 0 {
							c.draw = wild(seed)
						}
						o.run(&c)
						for _, r := range c.results {
							digest(sum, r.v)
						}
						c.fences.close(t)
					}
				}
			})
		})
	}
}

// TestPinnedTraining trains a pair of nets, with and without batch norm, and holds its
// losses and all that it leaves, down to the moments, against the bytes pinned here.
func TestPinnedTraining(t *testing.T) {
	for _, c := range []struct {
		norm  bool
		bytes string
	}{{false, "cee451deb4501be7"}, {true, "186c5cd6d6ed14a6"}} {
		t.Run(fmt.Sprintf("norm=%v", c.norm), func(t *testing.T) {
			pinned(t, c.bytes, func(sum hash.Hash) {
				trained := newGAN(c.norm, 50, 3, []int{3, 37, 70, 3}, []int{3, 130, 61, 16, 1})
				for range 100 {
					d, g := trained.iteration()
					digest(sum, halves(d), halves(g))
				}
				for _, n := range []*net{trained.g, trained.d} {
					digest(sum, n.p, n.g, n.m, n.v, slices.Concat(n.runMean...), slices.Concat(n.runV...))
				}
			})
		})
	}
}

// TestErr: a name that is no set of this machine is an error that the program can
// report, which names those there are. FIG5_KERNELS is read when a program starts.
func TestErr(t *testing.T) {
	if os.Getenv("FIG5_KERNELS") == "avx3" {
		fmt.Printf("%s, in use: %s\n", Err(), Set())
		return
	}
	if err := Err(); err != nil {
		t.Fatal(err)
	}
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	c := exec.Command(self, "-test.run", "^TestErr$")
	c.Env = append(os.Environ(), "FIG5_KERNELS=avx3")
	out, err := c.CombinedOutput()
	want := fmt.Sprintf("FIG5_KERNELS: \"avx3\" is not an instruction set of this machine (%s), in use: %s\n", strings.Join(Sets(), ", "), Sets()[0])
	if err != nil || !strings.HasPrefix(string(out), want) {
		t.Fatalf("%v\n%swant %s", err, out, want)
	}
}
