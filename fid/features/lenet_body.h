/* lenet_features for a set of instructions: FUSED(sum, a, b) is sum += a b. */
#include <string.h>

#ifdef __clang__
#pragma STDC FP_CONTRACT OFF /* gcc has it so with -std=c99 */
#endif
#define LANES 8
#define FRAME 32 /* side of an image with its padding */
#define KERNEL 5
typedef float vf __attribute__((vector_size(4 * LANES)));
typedef int vi __attribute__((vector_size(4 * LANES)));
#define EACH(x) ((x) - (vf){0}) /* a number in every lane */
#define LARGER(a, b) ((vf)((((a) > (b)) & (vi)(a)) | (~((a) > (b)) & (vi)(b))))

/* ReLU of the 2 × 2 maxima of a convolution: x[in][side][side] to y[out][half][half],
 * half = (side - 4) / 2, two channels of four pixels in registers. out is even. */
static void convolve(vf *y, const vf *x, const float *w, const float *b, long in, long side, long out)
{
	const long half = (side - KERNEL + 1) / 2, taps = in * KERNEL * KERNEL;
	for (long o = 0; o < out; o += 2)
		for (long row = 0; row < half; row++)
			for (long col = 0; col < half; col++) {
				vf s0 = EACH(b[o]), s1 = s0, s2 = s0, s3 = s0;
				vf t0 = EACH(b[o + 1]), t1 = t0, t2 = t0, t3 = t0;
				const float *w0 = w + o * taps, *w1 = w0 + taps;
				for (long c = 0; c < in; c++)
					for (long i = 0; i < KERNEL; i++) {
						const vf *at = x + (c * side + 2 * row + i) * side + 2 * col;
						for (long j = 0; j < KERNEL; j++, at++) {
							vf a = EACH(*w0++), d = EACH(*w1++);
							FUSED(s0, at[0], a);
							FUSED(s1, at[1], a);
							FUSED(s2, at[side], a);
							FUSED(s3, at[side + 1], a);
							FUSED(t0, at[0], d);
							FUSED(t1, at[1], d);
							FUSED(t2, at[side], d);
							FUSED(t3, at[side + 1], d);
						}
					}
				vf *to = y + (o * half + row) * half + col;
				to[0] = LARGER(LARGER(LARGER(s0, s1), LARGER(s2, s3)), (vf){0});
				to[half * half] = LARGER(LARGER(LARGER(t0, t1), LARGER(t2, t3)), (vf){0});
			}
}

/* ReLU of a linear layer, four sums at a time; out is a multiple of four. */
static void connect(vf *y, const vf *x, const float *w, const float *b, long in, long out)
{
	for (long o = 0; o < out; o += 4, w += 4 * in) {
		vf s0 = EACH(b[o]), s1 = EACH(b[o + 1]), s2 = EACH(b[o + 2]), s3 = EACH(b[o + 3]);
		for (long i = 0; i < in; i++) {
			FUSED(s0, x[i], EACH(w[i]));
			FUSED(s1, x[i], EACH(w[in + i]));
			FUSED(s2, x[i], EACH(w[2 * in + i]));
			FUSED(s3, x[i], EACH(w[3 * in + i]));
		}
		y[o] = LARGER(s0, (vf){0});
		y[o + 1] = LARGER(s1, (vf){0});
		y[o + 2] = LARGER(s2, (vf){0});
		y[o + 3] = LARGER(s3, (vf){0});
	}
}

static void features(float *y, const float *x, long n, long channels, long pad, const lenet *net)
{
	static __thread vf image[3 * FRAME * FRAME], maps1[6 * 14 * 14], maps2[16 * 5 * 5], hidden[120], out[84];
	const long side = FRAME - 2 * pad, size = channels * side * side;
	for (; n > 0; n -= LANES, x += LANES * size, y += LANES * 84) {
		const long rows = n < LANES ? n : LANES;
		memset(image, 0, channels * FRAME * FRAME * sizeof *image);
		for (long r = 0; r < rows; r++)
			for (long c = 0; c < channels; c++)
				for (long i = 0; i < side; i++)
					for (long j = 0; j < side; j++) {
						float v = x[r * size + (c * side + i) * side + j];
						v = v > 1 ? 1 : v < -1 ? -1 : v;
						((float *)&image[(c * FRAME + i + pad) * FRAME + j + pad])[r] = v;
					}
		convolve(maps1, image, net->conv1, net->bias1, channels, FRAME, 6);
		convolve(maps2, maps1, net->conv2, net->bias2, 6, 14, 16);
		connect(hidden, maps2, net->full1, net->bias3, 400, 120);
		connect(out, hidden, net->full2, net->bias4, 120, 84);
		for (long r = 0; r < rows; r++)
			for (long k = 0; k < 84; k++)
				y[r * 84 + k] = ((float *)&out[k])[r];
	}
}
