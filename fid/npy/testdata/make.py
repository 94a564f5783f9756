"""Writes the .npy and .npz files of this folder, with NumPy 2.4.6: python3 make.py.

Every array a_* holds i*j - 1.5 j + 0.25 i for i < 3, j < 2, rounded or wrapped as its type does."""
import pickle
import numpy as np

x = np.array([[i * j - 1.5 * j + 0.25 * i for j in range(2)] for i in range(3)])
for t in ("<f2", ">f2", "<f4", ">f4", "<f8", ">f8", "<i2", ">i4", "<i8", ">u2", "<u4", "<u8", "|i1", "|u1", "|b1"):
    y = np.abs(x) if "u" in t else x
    np.save(f"a_{t.replace('<', 'le_').replace('>', 'be_').replace('|', '')}.npy", y.astype(t))
np.save("a_fortran.npy", np.asfortranarray(x))
np.save("cube_fortran.npy", np.asfortranarray(np.arange(24.0).reshape(2, 3, 4)))
np.save("half.npy", np.array([0, -0.0, 2**-24, -1023 * 2**-24, 2**-14, 1 / 3, 65504, np.inf, -np.inf], "<f2"))
np.save("scalar.npy", np.float64(2.5))
np.save("empty.npy", np.zeros((0, 3)))
np.lib.format.write_array(open("version2.npy", "wb"), x, version=(2, 0))
np.lib.format.write_array(open("version3.npy", "wb"), x, version=(3, 0))
np.save("object.npy", np.array([[1, "a"]], object))
np.save("complex.npy", np.zeros((2, 2), complex))
np.save("text.npy", np.array(["a", "bc"]))
np.save("struct.npy", np.zeros(2, [("a", "<f8"), ("b", "<i4")]))
np.savez("stored.npz", mu=x[0], sigma=np.eye(2))
np.savez_compressed("deflated.npz", mu=x[0], sigma=np.eye(2))
