/* The features of a LeNet, eight images at a time, one in each lane of a vector. Every
 * sum has one order, and is fused on any x86-64 with AVX2: the same bits on all of them. */
#ifndef FIG5_LENET_H
#define FIG5_LENET_H

/* Weights as PyTorch lays them out: convolutions out × in × 5 × 5, layers out × in. */
typedef struct {
	const float *conv1, *bias1; /* 6 × channels × 5 × 5 */
	const float *conv2, *bias2; /* 16 × 6 × 5 × 5 */
	const float *full1, *bias3; /* 120 × 400 */
	const float *full2, *bias4; /* 84 × 120 */
} lenet;

/* y[n][84] from images x[n][channels][side][side] with side + 2 pad = 32, the padding 0,
 * and values cut to [-1, 1]. */
void lenet_features(float *y, const float *x, long n, long channels, long pad, const lenet *net);

void lenet_features_avx2(float *y, const float *x, long n, long channels, long pad, const lenet *net);
#endif
