/* The loops in which writing spends its time: a product with a matrix, attention over a cache, and the norm of a row.

For one position of each of a few rows, in fp32. Little is computed with each number, so memory is the limit: they read it once and
in order, ask for what comes next, and use each number for several rows while it is in a register. `loops.py` compiles this file
on the machine that it runs on, and has the same in numpy. Letters as in `one_position.py`.

A vector holds LANES numbers, and a tile multiplies ROWS rows of x with OUTS rows of w, whose sums all fit into the registers. Plain
C with the vectors of gcc and clang. Sums are taken in a fixed order, whatever the number of threads.
*/

#include <math.h>
#include <stddef.h>

#define INLINE static inline __attribute__((always_inline))
#define UNROLL _Pragma("GCC unroll 8")

#if defined(__AVX512F__)
enum { LANES = 16, ROWS = 4, OUTS = 6 };
#else
enum { LANES = 8, ROWS = 4, OUTS = 3 };
#endif
typedef float Vector __attribute__((vector_size(LANES * 4), aligned(4), may_alias));
typedef int Whole __attribute__((vector_size(LANES * 4)));

INLINE Vector load(const float *at) { return *(const Vector *)at; }

INLINE void store(float *at, Vector numbers) { *(Vector *)at = numbers; }

INLINE float sum(Vector numbers) {
    typedef float Half __attribute__((vector_size(32)));
    typedef float Quarter __attribute__((vector_size(16)));
#if defined(__AVX512F__)
    const Half half = __builtin_shufflevector(numbers, numbers, 0, 1, 2, 3, 4, 5, 6, 7) +
                      __builtin_shufflevector(numbers, numbers, 8, 9, 10, 11, 12, 13, 14, 15);
#else
    const Half half = numbers;
#endif
    Quarter quarter = __builtin_shufflevector(half, half, 0, 1, 2, 3) + __builtin_shufflevector(half, half, 4, 5, 6, 7);
    quarter += __builtin_shufflevector(quarter, quarter, 2, 3, 0, 1);
    return quarter[0] + quarter[1];
}

/* y = x w^T for `rows` rows of x and `outs` rows of w, both `in` long and one after another; rows of y lie `stride` apart.

Memory is asked for the next rows of w from number `ahead` on. Both numbers of rows, and `ahead`, are known where this is inlined. */
INLINE void tile(int rows, int outs, int ahead, int ahead_end, const float *x, const float *w, float *y, long in, long stride) {
    Vector sums[ROWS][OUTS];
    UNROLL for (int r = 0; r < rows; r++) UNROLL for (int o = 0; o < outs; o++) sums[r][o] = (Vector){0};
    long i = 0;
    for (; i + LANES <= in; i += LANES) {
        Vector weights[OUTS];
        UNROLL for (int o = 0; o < outs; o++) weights[o] = load(w + o * in + i);
        UNROLL for (int o = ahead; o < ahead_end; o++) __builtin_prefetch(w + (outs + o) * in + i, 0, 2);
        UNROLL for (int r = 0; r < rows; r++) {
            const Vector numbers = load(x + r * in + i);
            UNROLL for (int o = 0; o < outs; o++) sums[r][o] += numbers * weights[o];
        }
    }
    UNROLL for (int r = 0; r < rows; r++) UNROLL for (int o = 0; o < outs; o++) {
        float total = sum(sums[r][o]);
        for (long rest = i; rest < in; rest++) total += x[r * in + rest] * w[o * in + rest];
        y[r * stride + o] = total;
    }
}

/* The same of OUTS rows of w, for any number of rows of x. */
INLINE void rows_of(int ahead, const float *x, const float *w, float *y, long rows, long in, long stride) {
    for (; rows >= ROWS; rows -= ROWS, x += ROWS * in, y += ROWS * stride) tile(ROWS, OUTS, ahead, OUTS, x, w, y, in, stride);
    switch (rows) {
        case 3: tile(3, OUTS, ahead, OUTS, x, w, y, in, stride); break;
        case 2: tile(2, OUTS, ahead, OUTS, x, w, y, in, stride); break;
        case 1: tile(1, OUTS, ahead, OUTS, x, w, y, in, stride); break;
    }
}

/* y = x w^T; rows of y lie `stride` apart. */
static void product_of(const float *x, const float *w, float *y, long rows, long in, long out, long stride) {
    long o = 0;
    for (; o + OUTS <= out; o += OUTS) {
        const float *here = w + o * in;
        if (rows <= ROWS) {
            rows_of(0, x, here, y + o, rows, in, stride);
        } else { /* one half of what comes next is asked for with the first rows, the other half with the rest: memory never waits */
            tile(ROWS, OUTS, 0, OUTS / 2, x, here, y + o, in, stride);
            rows_of(OUTS / 2, x + ROWS * in, here, y + o + ROWS * stride, rows - ROWS, in, stride);
        }
    }
    for (; o < out; o++)
        for (long r = 0; r < rows; r++) tile(1, 1, 0, 0, x + r * in, w + o * in, y + r * stride + o, in, stride);
}

/* y = x w^T: x (rows, in), w (out, in) -> y (rows, out). */
void product(const float *x, const float *w, float *y, long rows, long in, long out, int threads) {
    const long share = (out / threads / OUTS + 1) * OUTS; /* of one thread; each output is of one thread alone */
#pragma omp parallel for schedule(static) num_threads(threads) if (threads > 1)
    for (long start = 0; start < out; start += share) {
        const long end = start + share < out ? start + share : out;
        product_of(x, w + start * in, y + start, rows, in, end - start, out);
    }
}

/* y = x / sqrt(mean(x^2) + eps), row by row: x (rows, width) -> y (rows, width). */
void rms_norm(const float *x, float *y, long rows, long width, float eps) {
    for (long r = 0; r < rows; r++, x += width, y += width) {
        Vector sums = {0};
        float total = 0;
        long i = 0;
        for (; i + LANES <= width; i += LANES) sums += load(x + i) * load(x + i);
        for (; i < width; i++) total += x[i] * x[i];
        const float scale = 1.0f / sqrtf((total + sum(sums)) / width + eps);
        for (i = 0; i + LANES <= width; i += LANES) store(y + i, load(x + i) * scale);
        for (; i < width; i++) y[i] = x[i] * scale;
    }
}

/* e to the power of numbers that are at most 0: 2^n times a polynomial, whose figures are those of Cephes' `expf`; 0 below e^-87. */
INLINE Vector exponential(Vector x) {
    const Vector magic = (Vector){0} + 12582912.0f; /* 1.5 2^23: added and taken away again, it rounds */
    const Vector n = (x * 1.44269504f + magic) - magic;
    const Vector r = (x - n * 0.693359375f) + n * 2.12194440e-4f;
    Vector p = r * 1.9875691500e-4f + 1.3981999507e-3f;
    p = p * r + 8.3334519073e-3f;
    p = p * r + 4.1665795894e-2f;
    p = p * r + 1.6666665459e-1f;
    p = p * r + 5.0000001201e-1f;
    p = p * (r * r) + r + 1.0f;
    p *= (Vector)((__builtin_convertvector(n, Whole) + 127) << 23);
    return (Vector)((Whole)p & ~(x < -87.0f));
}

/* softmax of `length` scores, in place. */
INLINE void softmax(float *scores, long length) {
    float highest = scores[0], total = 0;
    for (long s = 1; s < length; s++) highest = scores[s] > highest ? scores[s] : highest;
    long s = 0;
    Vector totals = {0};
    for (; s + LANES <= length; s += LANES) {
        const Vector shares = exponential(load(scores + s) - highest);
        store(scores + s, shares);
        totals += shares;
    }
    for (; s < length; s++) {
        scores[s] = exponential((Vector){0} + (scores[s] - highest))[0];
        total += scores[s];
    }
    total += sum(totals);
    for (s = 0; s < length; s++) scores[s] /= total;
}

/* y = shares values: shares (length), values (length, width) -> y (width). */
INLINE void mix(const float *shares, const float *values, float *y, long length, long width) {
    long h = 0;
    for (; h + 4 * LANES <= width; h += 4 * LANES) {
        Vector sums[4] = {{0}};
        for (long s = 0; s < length; s++)
            UNROLL for (int part = 0; part < 4; part++) sums[part] += shares[s] * load(values + s * width + h + part * LANES);
        UNROLL for (int part = 0; part < 4; part++) store(y + h + part * LANES, sums[part]);
    }
    for (; h + LANES <= width; h += LANES) {
        Vector sums = {0};
        for (long s = 0; s < length; s++) sums += shares[s] * load(values + s * width + h);
        store(y + h, sums);
    }
    for (; h < width; h++) {
        float total = 0;
        for (long s = 0; s < length; s++) total += shares[s] * values[s * width + h];
        y[h] = total;
    }
}

/* softmax(cap(q k^T) + bias) v over the `length` positions from `first` on.

q (B, K, G, H), scaled already; keys and values (B, K, capacity, H); bias (K, G, length) or NULL; cap 0 is none;
scores (B, K, G, length) to work in -> y (B, K, G, H). */
void attend(const float *q, const float *keys, const float *values, const float *bias, float *scores, float *y, long B, long K,
            long G, long H, long capacity, long first, long length, float cap, int threads) {
#pragma omp parallel for schedule(static) num_threads(threads) if (threads > 1)
    for (long one = 0; one < B * K; one++) { /* a key head of a row */
        const long at = (one * capacity + first) * H;
        float *mine = scores + one * G * length;
        product_of(q + one * G * H, keys + at, mine, G, H, length, length);
        if (cap > 0)
            for (long s = 0; s < G * length; s++) mine[s] = tanhf(mine[s] / cap) * cap;
        if (bias)
            for (long s = 0; s < G * length; s++) mine[s] += bias[(one % K) * G * length + s];
        for (long g = 0; g < G; g++) {
            softmax(mine + g * length, length);
            mix(mine + g * length, values + at, y + (one * G + g) * H, length, H);
        }
    }
}
