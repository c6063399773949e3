"""Writes every_type.gguf with the gguf package: a value of every type, arrays of them, two tensors.

    python every_type.py every_type.gguf           (needs gguf and numpy; versions used: gguf 0.19.0, numpy 2.3.5)
"""
import sys

import numpy as np
from gguf import GGMLQuantizationType, GGUFValueType, GGUFWriter

writer = GGUFWriter(sys.argv[1], "none-such")
writer.add_custom_alignment(64)
for name, value in {
    "uint8": 200, "int8": -100, "uint16": 60000, "int16": -30000, "uint32": 4000000000, "int32": -2000000000,
    "uint64": 9000000000000000000, "int64": -9000000000000000000,
    "float32": 1.5, "float64": 0.1, "bool": True, "string": "grüße 🙂",
}.items():
    writer.add_key_value("value." + name, value, GGUFValueType[name.upper()])
for name, values in {
    "uint8": [0, 255], "int8": [-128, 127], "uint16": [65535], "int16": [-32768], "uint32": [7], "int32": [-7, 8, 9],
    "uint64": [2**31 - 1], "int64": [-(2**31)],
    "float32": [1.0, -2.5], "float64": [0.25], "bool": [True, False, True], "string": ["", "a", "ß"],
}.items():
    writer.add_key_value("array." + name, values, GGUFValueType.ARRAY, sub_type=GGUFValueType[name.upper()])
writer.add_key_value("array.nested", [[1, 2], [3]], GGUFValueType.ARRAY)
writer.add_tensor("vector", np.arange(5, dtype=np.float32))
writer.add_tensor("matrix", np.arange(12, dtype=np.float16).reshape(3, 4))
blocks = np.concatenate([np.array([0.5], np.float16).view(np.uint8), np.arange(32, dtype=np.uint8)])
writer.add_tensor("blocks", blocks.reshape(1, 34), raw_dtype=GGMLQuantizationType.Q8_0)
writer.write_header_to_file()
writer.write_kv_data_to_file()
writer.write_tensors_to_file()
writer.close()
