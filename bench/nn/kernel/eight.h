/* Eight lanes: what AVX2 and AVX-512 have in common. */
#include <immintrin.h>

/* The sum of eight values, always in this order. */
static inline float sum8(__m256 a)
{
	__m128 s = _mm_add_ps(_mm256_castps256_ps128(a), _mm256_extractf128_ps(a, 1));
	s = _mm_add_ps(s, _mm_movehl_ps(s, s));
	s = _mm_add_ss(s, _mm_movehdup_ps(s));
	return _mm_cvtss_f32(s);
}

/* An 8 × 8 block of src, rows ls apart, transposed to dst, rows ld apart. */
#define VTRANSPOSE 8
static inline void vtranspose(float *dst, long ld, const float *src, long ls)
{
	__m256 r[8], t[8];
	for (int i = 0; i < 4; i++) {
		r[i] = _mm256_insertf128_ps(_mm256_castps128_ps256(_mm_loadu_ps(src + i * ls)), _mm_loadu_ps(src + (i + 4) * ls), 1);
		r[i + 4] = _mm256_insertf128_ps(_mm256_castps128_ps256(_mm_loadu_ps(src + i * ls + 4)), _mm_loadu_ps(src + (i + 4) * ls + 4), 1);
	}
	for (int h = 0; h < 8; h += 4) {
		t[h] = _mm256_unpacklo_ps(r[h], r[h + 1]);
		t[h + 1] = _mm256_unpackhi_ps(r[h], r[h + 1]);
		t[h + 2] = _mm256_unpacklo_ps(r[h + 2], r[h + 3]);
		t[h + 3] = _mm256_unpackhi_ps(r[h + 2], r[h + 3]);
		_mm256_storeu_ps(dst + (h + 0) * ld, _mm256_shuffle_ps(t[h], t[h + 2], 0x44));
		_mm256_storeu_ps(dst + (h + 1) * ld, _mm256_shuffle_ps(t[h], t[h + 2], 0xee));
		_mm256_storeu_ps(dst + (h + 2) * ld, _mm256_shuffle_ps(t[h + 1], t[h + 3], 0x44));
		_mm256_storeu_ps(dst + (h + 3) * ld, _mm256_shuffle_ps(t[h + 1], t[h + 3], 0xee));
	}
}
