/* The operations of this package, once for every instruction set. All buffers
 * are row-major float32 without alignment; see kernel.go for what each does. */
#ifndef FIG5_KERNEL_H
#define FIG5_KERNEL_H

enum { ACT_NONE, ACT_RELU, ACT_TANH, ACT_LEAKY };
#define LEAK 0.2f /* the slope of ACT_LEAKY below 0 */

typedef struct {
	const char *name;
	void (*linear_forward)(float *y, const float *x, const float *w, const float *b, long rows, long in, long out, int act);
	void (*linear_backward)(float *dx, float *dw, float *db, const float *dz, const float *x, const float *w,
				long rows, long in, long out, int below, int add);
	void (*slope)(float *dy, const float *y, long n, int act);
	void (*norm_forward)(float *y, const float *x, const float *gamma, const float *beta, float *run_mean, float *run_var,
			     float *mean, float *inv, long rows, long width, float momentum, float eps, int act);
	void (*norm_backward)(float *dx, float *dgamma, float *dbeta, const float *dy, const float *x, const float *y,
			      const float *gamma, const float *mean, const float *inv, long rows, long width, int add, int act);
	void (*norm_infer)(float *y, const float *x, const float *gamma, const float *beta, const float *mean, const float *var,
			   long rows, long width, float eps, int act);
	double (*softplus)(float *dx, const float *x, long n, float s, float c);
	void (*adam)(float *p, const float *g, float *m, float *v, long n, const float k[5]);
	void (*sgd)(float *p, const float *g, float *m, long n, float lr, float momentum);
	void (*tanh)(float *y, long n);
	void (*patches_take)(float *cols, const float *maps, float *sums, float *line, long images, long side, long channels, int planar);
	void (*patches_put)(float *maps, const float *cols, const float *bias, float *line, long images, long side, long channels, int planar, int act);
} kernels;

/* The sets this machine can run, i = 0 being the best; 0 behind the last. */
const kernels *kernel_set(int i);

/* Takes one of them for the operations below. */
void kernel_use(const kernels *set);
void kernel_linear_forward(float *y, const float *x, const float *w, const float *b, long rows, long in, long out, int act);
void kernel_linear_backward(float *dx, float *dw, float *db, const float *dz, const float *x, const float *w, long rows, long in, long out, int below, int add);
void kernel_slope(float *dy, const float *y, long n, int act);
void kernel_norm_forward(float *y, const float *x, const float *gamma, const float *beta, float *run_mean, float *run_var, float *mean, float *inv, long rows, long width, float momentum, float eps, int act);
void kernel_norm_backward(float *dx, float *dgamma, float *dbeta, const float *dy, const float *x, const float *y, const float *gamma, const float *mean, const float *inv, long rows, long width, int add, int act);
void kernel_norm_infer(float *y, const float *x, const float *gamma, const float *beta, const float *mean, const float *var, long rows, long width, float eps, int act);
double kernel_softplus(float *dx, const float *x, long n, float s, float c);
void kernel_adam(float *p, const float *g, float *m, float *v, long n, const float k[5]);
void kernel_sgd(float *p, const float *g, float *m, long n, float lr, float momentum);
void kernel_tanh(float *y, long n);
void kernel_patches_take(float *cols, const float *maps, float *sums, float *line, long images, long side, long channels, int planar);
void kernel_patches_put(float *maps, const float *cols, const float *bias, float *line, long images, long side, long channels, int planar, int act);

#endif
