//go:build cgo

package gan

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"os"
	"slices"
	"testing"

	"fig5/bench/nn/kernel"
	"fig5/bench/record"
)

// TestPinnedBytes trains a short cell and compares its curve and floor with what they were
// when this test was written: no change of the code, the compiler, libtorch or the
// processor may move a bit where our own kernels compute. A checksum is only changed
// together with a line in CHANGELOG.md that says why recorded runs no longer come out.
func TestPinnedBytes(t *testing.T) {
	sets := slices.DeleteFunc(kernel.Sets(), func(name string) bool { return name != "avx2" && name != "avx512" })
	if len(sets) == 0 {
		t.Skip("neither AVX2 nor AVX-512 on this machine")
	}
	was := kernel.Set()
	defer kernel.Use(was)
	settings := []string{"anneal.steps=[2]", "anneal.protocol.0.iterations=100", "train.pretrain=100", "train.final=200",
		"fid.every=100", "fid.samples=200", "analysis.window=200"}
	for _, cells := range []struct {
		name, curve, floor string
		settings           []string
	}{
		{"mixture", "e961bebe3fe0b05c68ad1a3c1687b384ed638beef9bf428ff6386918560c88b0", "372b95812e9225b81adf300de4a37d60643af8dce0a039c53b8c8ef8d22a1e36", nil},
		{"digits", "f123d64381b8633d6cbfe5b56f6bc99065c8ecf159e6afeb4f461b9356370dc1", "e1940097d742b233d008591ca9badd4410c989c659b631894dfd8bf89fa35c1a",
			[]string{"data={name: mnist, path: ../data/testdata/idx}", "model={name: mnist-fc, discriminator_norm: none}", "train.loss=nonsaturating", "fid.features=lenet"}},
		{"pictures", "ed93a1adfc29db3aa90d2a1c15ebed66a94ee986415208b82a6ac5e6fa7a2947", "117d7a111a9b8bc96ff65d768ea5b8499c2bd51edb1bc57e8a4be48b77a1a792",
			[]string{"model={name: dcgan, width: 4}", "train.loss=nonsaturating", "train.batch=16"}},
	} {
		for _, set := range sets {
			t.Run(cells.name+" "+set, func(t *testing.T) {
				if err := kernel.Use(set); err != nil {
					t.Fatal(err)
				}
				dir := cell(t, load(t, append(settings, cells.settings...)...), "geometric-budget100-k02-s00")
				if err := Run(context.Background(), dir, nil); err != nil {
					t.Fatal(err)
				}
				for path, want := range map[string]string{dir.Curve(): cells.curve, dir.Floor(): cells.floor} {
					b, err := os.ReadFile(path)
					if err != nil {
						t.Fatal(err)
					}
					if sum := sha256.Sum256(b); hex.EncodeToString(sum[:]) != want {
						t.Errorf("%s: sha256 %x, want %s:\n%s", path, sum, want, b)
					}
				}
				if points, err := record.ReadCurve(dir.Curve()); err != nil || len(points) != 3 {
					t.Errorf("%d rows, want 3 (%v)", len(points), err)
				}
			})
		}
	}
}
