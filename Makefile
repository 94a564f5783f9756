# fig5: what one can do here. `make help` lists it.
SHELL := /bin/bash -o pipefail
# From v3 on Go rounds a product and a sum once where v1 rounds twice: other last digits.
export GOAMD64 = v1
.DEFAULT_GOAL := help

# Every recipe that compiles against libtorch begins with $(TORCH): it sets libtorch
# up (once) and puts the compiler and linker flags into the environment. LIBTORCH=python
# takes the PyTorch of the python3 in use, LIBTORCH=/path another: docs/libtorch.md.
TORCH = env=$$(scripts/libtorch.sh) || exit 2; eval "$$env";
STAMP = -ldflags "-X fig5/bench/record.commit=$$(git rev-parse HEAD 2>/dev/null || echo unknown)$$(git diff --quiet HEAD 2>/dev/null || echo +changes)"
RUNS ?= runs

.PHONY: help
help: ## this list
	@grep -hE '^[a-z0-9-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z0-9-]+):.*## (.*)/  make \1\t\2/' | expand -t 20

.PHONY: build
build: ## bin/fig5 and bin/fig5-torch; LIBTORCH=python: against the PyTorch in use
	@+$(MAKE) --no-print-directory -j2 bin/fig5 bin/fig5-torch  # one compiles while the other downloads

# Go knows itself what is up to date.
.PHONY: bin/fig5 bin/fig5-torch
bin/fig5:
	@CGO_ENABLED=0 go build $(STAMP) -o bin/fig5 ./bench/fig5

bin/fig5-torch:
	@$(TORCH) [ -x bin/fig5-torch ] || echo "building bin/fig5-torch" >&2; \
	go build $(STAMP) -o bin/fig5-torch ./bench/fig5-torch

.PHONY: reproduce
reproduce: build ## train the default sweep, draw the figure, set it beside RESULTS.md
	bin/fig5 run configs/fig5.yaml --runs $(RUNS)
	bin/fig5 report configs/fig5.yaml --runs $(RUNS)

.PHONY: results
results: bin/fig5 ## regenerate RESULTS.md and docs/results from runs/recorded
	bin/fig5 report --recorded
	CGO_ENABLED=0 go run ./scripts/methods

# The figures of the paper. The .txt beside a .png says what trained the runs that it shows.
FIG2 = $(foreach s,fig2-mixture fig2-cubes,$(RUNS)/$s/cold-s00 $(RUNS)/$s/geometric-per-level500-k20-s00)
FIG3 = $(RUNS)/fig3/geometric-per-level200-k20-s00
FIG4 = $(RUNS)/fig4/geometric-per-level200-k09-s00
.PHONY: fig1 fig2 fig3 fig4
fig1: bin/fig5 ## the paper's Figure 1: docs/figures/fig1.png
	bin/fig5 tiny --figure1 -o $(RUNS)/fig1
	cp $(RUNS)/fig1/figure1.png docs/figures/fig1.png

fig2: build ## Figure 2, five Gaussians and two cubes, trained in a minute
	bin/fig5 run configs/fig2-mixture.yaml --runs $(RUNS)
	bin/fig5 run configs/fig2-cubes.yaml --runs $(RUNS)
	bin/fig5 samples --together $(FIG2) -o docs/figures/fig2.png
	for run in $(FIG2); do bin/fig5 runs show $$run; echo; done > docs/figures/fig2.txt

fig3: build ## Figure 3, MNIST (fig5 data fetch mnist), trained in some minutes
	bin/fig5 run configs/fig3.yaml --runs $(RUNS)
	bin/fig5 samples $(FIG3) --beta 0.1,1,5,inf -o docs/figures/fig3.png
	bin/fig5 runs show $(FIG3) > docs/figures/fig3.txt

fig4: build ## Figure 4, a DCGAN on drawn faces, trained in ten minutes
	bin/fig5 run configs/fig4.yaml --runs $(RUNS)
	bin/fig5 samples $(FIG4) --beta 0.1,1,5,inf -o docs/figures/fig4.png
	bin/fig5 runs show $(FIG4) > docs/figures/fig4.txt

# gotestsum ends with what failed and what was skipped, and why.
TEST = go tool gotestsum --format pkgname-and-test-fails --

.PHONY: test
test: build ## all tests
	@$(TORCH) $(TEST) ./...

.PHONY: test-go
test-go: ## the tests of all that needs no libtorch, in two minutes
	@export CGO_ENABLED=0; go vet ./... && $(TEST) ./...

.PHONY: test-arm64
test-arm64: ## neon's bytes, emulated (apt-get install gcc-aarch64-linux-gnu qemu-user): a minute
	@CGO_ENABLED=1 GOARCH=arm64 CC=aarch64-linux-gnu-gcc go test -count=1 -exec 'qemu-aarch64 -L /usr/aarch64-linux-gnu' -run Pinned -v ./bench/nn/kernel

CAMPAIGNS ?= 1
.PHONY: test-faults
test-faults: ## kills, full disks, damaged files: the fault campaign, CAMPAIGNS times (root for the disks)
	@$(TORCH) FIG5_FAULTS=$${FIG5_FAULTS:-50} go test ./bench/fig5-torch -run '^TestFaults$$' -count=$(CAMPAIGNS) -timeout 0 -v

# SLURM chooses among the disturbances: SLURM='detached|arrays'.
SLURM ?= .
.PHONY: test-slurm
test-slurm: build ## sweeps on a real Slurm of one node (apt-get install slurm-wlm munge), disturbed: 20 minutes
	@export CGO_ENABLED=0 FIG5_TEST_SLURM=1; go test -count=1 -timeout 90m -run '^TestSlurm$$/($(SLURM))' -v ./bench/fig5

.PHONY: check
check: test ## what CI runs: all tests, gofmt, vet, staticcheck
	@out=$$(gofmt -l .); [ -z "$$out" ] || { echo "gofmt -w these:" $$out >&2; exit 1; }
	@$(TORCH) go vet ./... && go tool staticcheck ./...

.PHONY: bench
bench: build ## fig5 beside JAX and PyTorch on one core, as docs/performance.md has it
	@python3 scripts/bench.py

.PHONY: compat
compat: build ## the worker with PyTorch 2.1 to 2.15, as docs/libtorch.md has it
	@PYTHONDONTWRITEBYTECODE=1 python3 scripts/compat.py

.PHONY: scale
scale: build ## how the cost grows with K, seeds, samples, dimension: docs/figures/scale.svg
	@$(TORCH) OMP_NUM_THREADS=1 MKL_NUM_THREADS=1 go run $(STAMP) ./scripts/scale -o docs/figures/scale

.PHONY: clean
clean: ## remove bin/ (runs and the libtorch cache stay)
	rm -rf bin
