"""Makes the Parquet files beside it, as pyarrow 26 writes them: python3 documents.py. Needs pyarrow."""

import pathlib

import pyarrow as pa
import pyarrow.parquet as pq

here = pathlib.Path(__file__).parent
texts = ["One.\n\nTwo.\n", "café", "Three.\n" * 40]
ids = [[1, 2, 3], list(range(100, 400)), [49151, 0]]


def table(id_type):
    return pa.table(
        {
            "text": pa.array(texts, pa.string()),
            "input_ids": pa.array(ids, pa.list_(id_type)),
            "attention_mask": pa.array([[1] * len(row) for row in ids], pa.list_(pa.int8())),
            "score": pa.array([0.5, 0.25, 0.125], pa.float64()),
        }
    )


for codec in ["none", "snappy", "gzip", "zstd", "lz4", "brotli"]:
    pq.write_table(table(pa.int32()), here / f"{codec}.parquet", compression=codec)
pq.write_table(table(pa.int64()), here / "long-ids.parquet", row_group_size=2, data_page_version="2.0")
pq.write_table(table(pa.int32()), here / "old-lists.parquet", use_compliant_nested_type=False, use_dictionary=False)
pq.write_table(pa.table({"text": ["One.", ""], "input_ids": pa.array([[1], []], pa.list_(pa.int32()))}), here / "empty-row.parquet")
pq.write_table(
    pa.table({"text": ["One.", None], "input_ids": pa.array([[1, 2], [None, 3]], pa.list_(pa.int32()))}),
    here / "null.parquet",
)
pq.write_table(pa.table({"text": pa.array([], pa.string())}), here / "no-rows.parquet")
pq.write_table(pa.table({"input_ids": pa.array([[-1]], pa.list_(pa.int64()))}), here / "negative.parquet")
pq.write_table(pa.table({"input_ids": pa.array([list(range(300, 360))], pa.list_(pa.int32()))}), here / "few-ids.parquet")
