/* The reference for the compiled loop: plain SGD on ½(ŷ − y)² with tanh in every layer, written by hand.
 *
 * Layer by layer over the whole batch, the inner loop over neurons; built with -O3 -march=native -ffast-math, so that
 * tanh is vectorised. Weights are (fan_in, fan_out) row by row, then the biases, layer after layer in one vector.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

typedef const double *restrict In;
typedef double *restrict Out;

static void forward(In a, In w, In b, Out next, long batch, long fan_in, long fan_out)
{
    for (long s = 0; s < batch; s++) {
        double *restrict z = next + s * fan_out;
        for (long j = 0; j < fan_out; j++) z[j] = b[j];
        for (long i = 0; i < fan_in; i++) {
            const double x = a[s * fan_in + i];
            for (long j = 0; j < fan_out; j++) z[j] += x * w[i * fan_out + j];
        }
    }
    for (long k = 0; k < batch * fan_out; k++) next[k] = tanh(next[k]);
}

static void gradient(In a, In delta, Out dw, Out db, long batch, long fan_in, long fan_out)
{
    memset(dw, 0, sizeof(double) * fan_in * fan_out);
    memset(db, 0, sizeof(double) * fan_out);
    for (long s = 0; s < batch; s++) {
        for (long i = 0; i < fan_in; i++) {
            const double x = a[s * fan_in + i];
            for (long j = 0; j < fan_out; j++) dw[i * fan_out + j] += x * delta[s * fan_out + j];
        }
        for (long j = 0; j < fan_out; j++) db[j] += delta[s * fan_out + j];
    }
}

static void backward(In delta, In w, In a, Out previous, long batch, long fan_in, long fan_out)
{
    for (long s = 0; s < batch; s++)
        for (long i = 0; i < fan_in; i++) {
            double sum = 0.0;
            for (long j = 0; j < fan_out; j++) sum += delta[s * fan_out + j] * w[i * fan_out + j];
            previous[s * fan_in + i] = sum * (1.0 - a[s * fan_in + i] * a[s * fan_in + i]);
        }
}

/* Take `steps` steps of `batch` samples each, going round through `order`; widths[0..layers] are features … outputs. */
void train(long layers, const long *widths, long batch, long samples, In x, In y, const long *order, double rate,
           long steps, Out parameters)
{
    long units = 0, size = 0, widest = 0;
    for (long l = 0; l <= layers; l++) {
        units += widths[l];
        if (widths[l] > widest) widest = widths[l];
        if (l) size += widths[l - 1] * widths[l] + widths[l];
    }
    double *activations = malloc(sizeof(double) * batch * units);
    double *delta = malloc(sizeof(double) * batch * widest), *other = malloc(sizeof(double) * batch * widest);
    double *slope = malloc(sizeof(double) * size);
    const long outputs = widths[layers];
    long position = 0;
    for (long step = 0; step < steps; step++) {
        if (position + batch > samples) position = 0;
        for (long s = 0; s < batch; s++)
            memcpy(activations + s * widths[0], x + order[position + s] * widths[0], sizeof(double) * widths[0]);
        double *a = activations, *w = parameters;
        for (long l = 0; l < layers; l++) {
            double *next = a + batch * widths[l];
            forward(a, w, w + widths[l] * widths[l + 1], next, batch, widths[l], widths[l + 1]);
            w += widths[l] * widths[l + 1] + widths[l + 1];
            a = next;
        }
        for (long s = 0; s < batch; s++)
            for (long k = 0; k < outputs; k++) {
                const double out = a[s * outputs + k];
                delta[s * outputs + k] = (out - y[order[position + s] * outputs + k]) / batch * (1.0 - out * out);
            }
        double *g = slope + size;
        for (long l = layers - 1; l >= 0; l--) {
            const long fan_in = widths[l], fan_out = widths[l + 1];
            a -= batch * fan_in;
            w -= fan_in * fan_out + fan_out;
            g -= fan_in * fan_out + fan_out;
            gradient(a, delta, g, g + fan_in * fan_out, batch, fan_in, fan_out);
            if (l) {
                backward(delta, w, a, other, batch, fan_in, fan_out);
                double *swap = delta;
                delta = other;
                other = swap;
            }
        }
        for (long k = 0; k < size; k++) parameters[k] -= rate * slope[k];
        position += batch;
    }
    free(activations);
    free(delta);
    free(other);
    free(slope);
}
