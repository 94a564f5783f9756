"""Algorithm 1 in JAX: one jitted scan per chunk of iterations, on one CPU thread.

    python jax_gan.py toy|mnist

The nets, batch, optimizer and losses of configs/fig5.yaml (toy) and configs/mnist.yaml (mnist),
on random data: a program to measure speed with. See slices.py for what it reads and prints."""
import os
import sys
from functools import partial

os.environ["XLA_FLAGS"] = "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1"
os.environ["JAX_PLATFORMS"] = "cpu"

import jax
import jax.numpy as jnp
from jax import lax, nn, random

import slices

BATCH, POINTS = 64, 10_000
LR, B1, B2, EPS = 2e-4, 0.5, 0.999, 1e-8

model = sys.argv[1]
norm = model == "mnist"
if norm:
    dim, gen, dis, chunk = 784, (784, 256, 256, 256, 784), (784, 256, 512, 512, 1), 10
else:
    dim, gen, dis, chunk = 3, (3, 128, 128, 3), (3, 128, 128, 128, 1), 100


def init(key, widths):
    layers = []
    for key, n, m in zip(random.split(key, len(widths)), widths, widths[1:]):
        bound = n**-0.5
        layer = {"w": random.uniform(key, (n, m), minval=-bound, maxval=bound)}
        if norm and m != widths[-1]:
            layer |= {"scale": jnp.ones(m), "shift": jnp.zeros(m)}
        else:  # a bias before batch norm is subtracted again
            layer |= {"b": jnp.zeros(m)}
        layers.append(layer)
    return layers


def forward(layers, x, batches, act):
    """The output for x, whose rows are so many batches; each is normalised by itself."""
    for layer in layers[:-1]:
        x = x @ layer["w"]
        if norm:
            x = x.reshape(batches, -1, x.shape[-1])
            mean = x.mean(1, keepdims=True)
            x -= mean
            var = (x * x).mean(1, keepdims=True)
            x = x * (lax.rsqrt(var + 1e-5) * layer["scale"]) + layer["shift"]
            x = x.reshape(-1, x.shape[-1])
        else:
            x += layer["b"]
        x = act(x)
    return x @ layers[-1]["w"] + layers[-1]["b"]


def generate(g, z):
    return forward(g, z, 1, nn.relu)


def judge(d, x, batches):
    return forward(d, x, batches, nn.relu if norm else jnp.tanh)[:, 0]


def d_loss(d, real, fake):
    logits = judge(d, jnp.concatenate([real, fake]), 2)
    return nn.softplus(-logits[:BATCH]).mean() + nn.softplus(logits[BATCH:]).mean()


def g_loss(g, d, z):
    return -nn.softplus(judge(d, generate(g, z), 1)).mean()


def adam(p, g, m, v, t):
    m = jax.tree.map(lambda m, g: B1 * m + (1 - B1) * g, m, g)
    v = jax.tree.map(lambda v, g: B2 * v + (1 - B2) * g * g, v, g)
    step, root = LR / (1 - B1**t), 1 / jnp.sqrt(1 - B2**t)
    p = jax.tree.map(lambda p, m, v: p - step * m / (jnp.sqrt(v) * root + EPS), p, m, v)
    return p, m, v


def iteration(data, state, drawn):
    t, g, d = state["t"] + 1, state["g"], state["d"]
    pick, noise = drawn
    _, grad = jax.value_and_grad(d_loss)(d[0], data[pick], generate(g[0], noise[0]))
    d = adam(d[0], grad, d[1], d[2], t)
    _, grad = jax.value_and_grad(g_loss)(g[0], d[0], noise[1])
    g = adam(g[0], grad, g[1], g[2], t)
    return {"t": t, "g": g, "d": d}, None


@jax.jit
def run(state, data, key):
    """chunk iterations; their random numbers are drawn at once, which XLA does fastest."""
    a, b = random.split(key)
    pick = random.randint(a, (chunk, BATCH), 0, POINTS)
    noise = random.uniform(b, (chunk, 2, BATCH, dim), minval=-1, maxval=1)
    return lax.scan(partial(iteration, data), state, (pick, noise))[0]


def net(key, widths):
    p = init(key, widths)
    zero = jax.tree.map(jnp.zeros_like, p)
    return p, zero, zero


keys = random.split(random.key(1), 4)
state = {"t": jnp.float32(0), "g": net(keys[0], gen), "d": net(keys[1], dis)}
data = random.normal(keys[2], (POINTS, dim))
key = keys[3]


def work():
    global state, key
    key, use = random.split(key)
    state = jax.block_until_ready(run(state, data, use))
    return chunk


slices.serve({"name": "jax", "version": jax.__version__}, work)
