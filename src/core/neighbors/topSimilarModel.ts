import { ProtobufWriter } from './protobufWriter';

/** Inputs and outputs of {@link topSimilarModel}. */
export const topSimilarNames = {
  rows: 'rows',
  all: 'all',
  k: 'k',
  similarities: 'similarities',
  indices: 'indices',
} as const;

// Numbers of onnx.proto: element types and attribute types (https://github.com/onnx/onnx/blob/main/onnx/onnx.proto).
const float32 = 1;
const int32 = 6;
const int64 = 7;
const attributeInteger = 2;
const opset = 14;

/**
 * An ONNX model that finds the most similar rows: Gemm(rows, all transposed), then TopK, sorted, lower index first among
 * equals. Inputs: `rows` float b x d, `all` float n x d, `k` int64 of one. Outputs: `similarities` float b x k,
 * `indices` int32 b x k.
 */
export function topSimilarModel(): Uint8Array {
  const names = topSimilarNames;
  const model = new ProtobufWriter();
  model.integer(1, 7); // ir_version
  model.text(2, 'latent-lens');
  model.message(7, (graph) => {
    graph.message(1, (node) => {
      node.text(1, names.rows).text(1, names.all).text(2, 'products').text(4, 'Gemm');
      node.message(5, (attribute) => attribute.text(1, 'transB').integer(3, 1).integer(20, attributeInteger));
    });
    graph.message(1, (node) => {
      node.text(1, 'products').text(1, names.k).text(2, names.similarities).text(2, 'indices64').text(4, 'TopK');
      for (const [name, value] of [
        ['largest', 1],
        ['sorted', 1],
        ['axis', 1],
      ] as const) {
        node.message(5, (attribute) => attribute.text(1, name).integer(3, value).integer(20, attributeInteger));
      }
    });
    graph.message(1, (node) => {
      node.text(1, 'indices64').text(2, names.indices).text(4, 'Cast');
      node.message(5, (attribute) => attribute.text(1, 'to').integer(3, int32).integer(20, attributeInteger));
    });
    graph.text(2, 'topSimilar');
    graph.message(11, (value) => tensorInfo(value, names.rows, float32, ['block', 'dimensions']));
    graph.message(11, (value) => tensorInfo(value, names.all, float32, ['count', 'dimensions']));
    graph.message(11, (value) => tensorInfo(value, names.k, int64, [1]));
    graph.message(12, (value) => tensorInfo(value, names.similarities, float32, ['block', 'kept']));
    graph.message(12, (value) => tensorInfo(value, names.indices, int32, ['block', 'kept']));
  });
  model.message(8, (opsetId) => opsetId.text(1, '').integer(2, opset));
  return model.finish();
}

/** Inputs and output of {@link productModel}. */
export const productNames = { rows: 'rows', all: 'all', products: 'products' } as const;

/** An ONNX model of one Gemm: `rows` float b x d times `all` float n x d transposed gives `products` float b x n. */
export function productModel(): Uint8Array {
  const names = productNames;
  const model = new ProtobufWriter();
  model.integer(1, 7); // ir_version
  model.text(2, 'latent-lens');
  model.message(7, (graph) => {
    graph.message(1, (node) => {
      node.text(1, names.rows).text(1, names.all).text(2, names.products).text(4, 'Gemm');
      node.message(5, (attribute) => attribute.text(1, 'transB').integer(3, 1).integer(20, attributeInteger));
    });
    graph.text(2, 'products');
    graph.message(11, (value) => tensorInfo(value, names.rows, float32, ['block', 'dimensions']));
    graph.message(11, (value) => tensorInfo(value, names.all, float32, ['count', 'dimensions']));
    graph.message(12, (value) => tensorInfo(value, names.products, float32, ['block', 'count']));
  });
  model.message(8, (opsetId) => opsetId.text(1, '').integer(2, opset));
  return model.finish();
}

/** ValueInfoProto: a name and a tensor type whose dimensions are numbers or symbols. */
function tensorInfo(value: ProtobufWriter, name: string, elementType: number, shape: (string | number)[]): void {
  value.text(1, name);
  value.message(2, (type) =>
    type.message(1, (tensor) => {
      tensor.integer(1, elementType);
      tensor.message(2, (tensorShape) => {
        for (const size of shape) {
          tensorShape.message(1, (dimension) => {
            if (typeof size === 'number') dimension.integer(1, size);
            else dimension.text(2, size);
          });
        }
      });
    }),
  );
}
