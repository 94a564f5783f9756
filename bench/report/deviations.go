package report

// Deviations are where this project does otherwise than the paper, by number;
// docs/paper.md gives each its reason under the same number.
var Deviations = []string{
	"FID compares 2000 generated samples with the moments of all real data, not two batches.",
	"The features of FID are raw coordinates on the synthetic data; LeNet's or others' are named where used.",
	"The plateau begins where the trend has settled (within 5 % of its plateau); the knee of the curve (Kneedle) is an option.",
	"Two more baselines stand beside the ladders: training from scratch (cold), and a hot phase as long as the longest annealing (hot).",
	"The annealing budget can be fixed for every K (`budget`) beside n iterations a level as in Algorithm 1 (`per-level`), which makes a larger K a longer annealing too.",
	"The ladder reaches β_K (`end: inclusive`); Algorithm 1 as printed stops one factor before it (`end: printed`).",
	"Heat is Gaussian noise folded at the walls of a box (`box: reflect`), which does reach the uniform distribution; a linear rescaling never does.",
	"The half-width of the box is a setting: in a box of half-width 1, β = 0.1 is uniform to 5e-6 and most of the ladder is pretraining.",
	"Every amplitude stands beside a noise floor (the generator frozen; real against real); the paper has none.",
	"Four more amplitudes stand beside max − min, which grows with the length of the window and falls with the FID level.",
	"Amplitudes over seeds are summarised by geometric mean and median, since they are log-normal; the mean is kept for comparison.",
	"Runs whose window is incomplete are counted as unsettled and never averaged; diverged runs are counted and shown.",
	"The toy data are a mixture of five Gaussians in three dimensions of our own choosing.",
	"`fig5.yaml` uses a learning rate of 1e-3 and a window of 5000 iterations, so that it runs in minutes; `fig5-full.yaml` has the window of 50,000.",
	"A linear layer with batch norm behind it has no bias: the norm subtracts it again.",
	"The rule `settle` was chosen after runs of the default sweep on seeds 0 to 7 had been looked at; the recorded runs have other seeds, of which none had been looked at.",
}

// Assumed are the values that the paper does not give.
var Assumed = []string{
	"Mixture: centres (−.6, −.5, .4) (.6, −.4, −.5) (0, .7, .5) (−.5, .5, −.6) (.55, .35, .6), sd .07, 10,000 points drawn once, 2000 a mode.",
	"Two cubes: uniform in axis-aligned cubes of side .6 centred at ±(.5, .5, .5), 5000 points in each.",
	"Heat: x + N(0, s²) with s = 1/(half-width √β), fresh noise at every draw, walls at ±1, half-width 2.",
	"Latent variables: uniform in [−1, 1], of the data's dimension.",
	"Initial weights and biases: uniform within ±1/√(fan in).",
	"Optimizer: Adam, β₁ .5, β₂ .999, ε 1e-8, learning rate 2e-4; its state is kept across levels.",
	"Batch 64; minimax loss; one step of D and one of G an iteration.",
	"Batch norm: momentum .1, ε 1e-5, batch statistics in training, running ones when evaluated; real and fake are two batches for D.",
	"Pretraining on the uniform box: 3000 iterations, shared by all runs of a seed.",
	"Low-pass: zero-phase Butterworth, order 3, cutoff .1 of Nyquist (.2 in fig5.yaml).",
	"A mode is held when at least a fifth of its fair share of the samples is nearest to it.",
	"Exponential schedule: τ = K/3 levels, unless `tau` is given.",
	"Linear and exponential schedules that stop before β_K (`end: printed`): β_1 + (β_K − β_1) k/K and Eq. 7 at k, k = 0 … K − 1.",
	"Images of a folder: the largest centred square, scaled to 64 pixels a side, if `data.size` does not say otherwise.",
}
