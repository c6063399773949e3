package resonance.transformer.training;

import org.bytedeco.pytorch.LongOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/** {@link CausalProducts} as plain batched products over whole matrices, on any device: the reference. */
record TorchCausalProducts(int sequences, int length, int heads) implements CausalProducts {
    private static final long[] GROUP = {2};

    @Override
    public void addOuter(Tensor matrices, HeadColumns x, HeadColumns y) {
        matrices.add_(torch.matmul(everyHead(x), everyHead(y).transpose(2, 3)));
    }

    @Override
    public void outer(Tensor matrices, HeadColumns x, HeadColumns y) {
        matrices.copy_(torch.matmul(everyHead(x), everyHead(y).transpose(2, 3)));
    }

    @Override
    public void times(HeadColumns result, Tensor matrices, HeadColumns y) {
        result.view(sequences, length).copy_(torch.matmul(matrices, everyHead(y)));
    }

    @Override
    public void transposedTimes(HeadColumns result, Tensor matrices, HeadColumns y) {
        Tensor product = torch.matmul(matrices.transpose(2, 3), everyHead(y)); // (B, H, T, S)
        result.view(sequences, length)
                .copy_(product.view(sequences, result.heads, heads / result.heads, length, result.headSize)
                        .sum(GROUP));
    }

    /** (B, H, T, S): a shared head stands once for each head that shares it. */
    private Tensor everyHead(HeadColumns columns) {
        Tensor view = columns.view(sequences, length);
        return columns.heads == heads
                ? view
                : view.repeat_interleave(heads / columns.heads, new LongOptional(1), new LongOptional());
    }
}
