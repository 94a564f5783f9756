/* The 4 × 4 patches of maps at steps of 2, behind a border of one zero pixel: a
 * convolution is a product of its patches and the weights, a transposed one puts the
 * product back where patches were. cols[images · (side/2)²][16 · channels] has a patch a
 * row, (y, x, channel). Maps lie pixel by pixel, or planar, channel by channel. A row of
 * pixels with its border, line[(side + 2) · channels], is the caller's. */

/* Patches in which row y of the maps lies: as their row ky, in row oy of patches. */
#define EVERY_PATCH(y, half) \
	for (long oy = (y + 1) / 2, ky = (y + 1) & 1; ky < 4; oy--, ky += 2) \
		if (oy >= 0 && oy < (half))

INLINE void copy(float *to, const float *from, long n)
{
	long i = 0;
	for (; i + VL <= n; i += VL)
		vstore(to + i, vload(from + i));
	for (; i + 4 <= n; i += 4)
		memcpy(to + i, from + i, 4 * sizeof *to);
	for (; i < n; i++)
		to[i] = from[i];
}

INLINE void add_to(float *to, const float *from, long n)
{
	long i = 0;
	for (; i + VL <= n; i += VL)
		vstore(to + i, vadd(vload(to + i), vload(from + i)));
	if (i < n)
		vstore_n(to + i, vadd(vload_n(to + i, n - i), vload_n(from + i, n - i)), n - i);
}

/* One row of pixels of planar maps, and back. */
static void interleave(float *line, const float *maps, long side, long channels)
{
	for (long c = 0; c < channels; c++)
		for (long x = 0; x < side; x++)
			line[x * channels + c] = maps[c * side * side + x];
}

static void separate(float *maps, const float *line, long side, long channels)
{
	for (long c = 0; c < channels; c++)
		for (long x = 0; x < side; x++)
			maps[c * side * side + x] = line[x * channels + c];
}

/* cols = the patches of maps; sums, unless it is 0, grows by the sum of each channel. */
static void patches_take(float *cols, const float *maps, float *sums, float *line, long images, long side, long channels, int planar)
{
	const long half = side / 2, part = 4 * channels;
	float *inner = line + channels;
	memset(line, 0, channels * sizeof *line);
	memset(inner + side * channels, 0, channels * sizeof *line);
	for (; images > 0; images--, maps += side * side * channels, cols += half * half * 4 * part) {
		for (long x = 0; x < half; x++) {
			memset(cols + x * 4 * part, 0, part * sizeof *cols);
			memset(cols + ((half - 1) * half + x) * 4 * part + 3 * part, 0, part * sizeof *cols);
		}
		for (long y = 0; y < side; y++) {
			if (planar)
				interleave(inner, maps + y * side, side, channels);
			else
				copy(inner, maps + y * side * channels, side * channels);
			for (long c = 0; sums && c < channels; c++) {
				float s = 0;
				for (long x = 0; x < side; x++)
					s += inner[x * channels + c];
				sums[c] += s;
			}
			EVERY_PATCH(y, half)
			{
				float *to = cols + oy * half * 4 * part + ky * part;
				for (long x = 0; x < half; x++)
					copy(to + x * 4 * part, line + x * part / 2, part);
			}
		}
	}
}

/* maps = act(bias + what lies on each pixel in cols). */
static void patches_put(float *maps, const float *cols, const float *bias, float *line, long images, long side, long channels, int planar, int act)
{
	const long half = side / 2, part = 4 * channels;
	float *inner = line + channels;
	for (; images > 0; images--, maps += side * side * channels, cols += half * half * 4 * part)
		for (long y = 0; y < side; y++) {
			memset(line, 0, (side + 2) * channels * sizeof *line);
			for (long x = 0; bias && x < side; x++)
				copy(inner + x * channels, bias, channels);
			EVERY_PATCH(y, half)
			{
				const float *from = cols + oy * half * 4 * part + ky * part;
				for (long x = 0; x < half; x++)
					add_to(line + x * part / 2, from + x * 4 * part, part);
			}
			finish_rows(inner, inner, side * channels, act);
			if (planar)
				separate(maps + y * side, inner, side, channels);
			else
				copy(maps + y * side * channels, inner, side * channels);
		}
}
