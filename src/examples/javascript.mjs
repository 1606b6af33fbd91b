// Loss and gradient of a batch from JavaScript, as safetensors written and read in a few plain lines. Node 18 or a browser.

const base = globalThis.process?.env.LOSS_SERVICE_URL ?? "http://localhost:8080";
const TYPES = { F32: Float32Array, F64: Float64Array, I32: Int32Array, I64: BigInt64Array };

/** Tensors are {shape, data} by name, data a typed array; those of 8 bytes an element come first, so all are aligned. */
function write(tensors) {
  const header = {};
  let end = 0;
  const names = Object.keys(tensors).sort((a, b) => tensors[b].data.BYTES_PER_ELEMENT - tensors[a].data.BYTES_PER_ELEMENT);
  for (const name of names) {
    const { shape, data } = tensors[name];
    const dtype = Object.keys(TYPES).find((type) => data instanceof TYPES[type]);
    header[name] = { dtype, shape, data_offsets: [end, (end += data.byteLength)] };
  }
  let json = JSON.stringify(header);
  json = json.padEnd(Math.ceil(json.length / 8) * 8);
  const file = new Uint8Array(8 + json.length + end);
  new DataView(file.buffer).setBigUint64(0, BigInt(json.length), true);
  file.set(new TextEncoder().encode(json), 8);
  for (const name of names) {
    const { buffer, byteOffset, byteLength } = tensors[name].data;
    file.set(new Uint8Array(buffer, byteOffset, byteLength), 8 + json.length + header[name].data_offsets[0]);
  }
  return file;
}

function read(buffer) {
  const start = 8 + Number(new DataView(buffer).getBigUint64(0, true));
  const header = JSON.parse(new TextDecoder().decode(new Uint8Array(buffer, 8, start - 8)));
  delete header.__metadata__;
  return Object.fromEntries(
    Object.entries(header).map(([name, { dtype, shape, data_offsets: [from, to] }]) => [
      name,
      { shape, data: new TYPES[dtype](buffer.slice(start + from, start + to)) },
    ]),
  );
}

async function multiMarginLoss(tensors, parameters = {}) {
  const response = await fetch(`${base}/v1/losses/multi-margin/tensors?${new URLSearchParams(parameters)}`, {
    method: "POST",
    headers: { "Content-Type": "application/vnd.safetensors", Accept: "application/vnd.safetensors" },
    body: write(tensors),
  });
  if (!response.ok) {
    throw new Error((await response.json()).detail);
  }
  return read(await response.arrayBuffer());
}

function check(right, what) {
  if (!right) {
    throw new Error(`wrong: ${what}`);
  }
}

const input = { shape: [3, 3], data: Float32Array.of(1, -2, 3, 0, -1, 2, 1, 0, 1) };
const label = { shape: [3], data: Int32Array.of(0, 1, 2) };
const { loss, gradient } = await multiMarginLoss({ input, label });
check(loss.shape.length === 0 && loss.data[0] === Math.fround(1.1111112), loss.data);
const expected = [-1, 0, 1, 1, -2, 1, 1, 0, -1];
check(gradient.data.every((slope, i) => Math.abs(9 * slope - expected[i]) < 1e-6), gradient.data);

const rows = await multiMarginLoss({ input, label }, { reduction: "none", p: 2, return_gradient: false });
check(rows.loss.data.join() === Float32Array.of(3, 20 / 3, 1 / 3).join(), rows.loss.data);
check(rows.loss.shape.join() === "3" && !("gradient" in rows), Object.keys(rows));

const problem = await multiMarginLoss({ input, label: { shape: [3], data: Int32Array.of(0, 1, 3) } }).catch((e) => e);
check(problem.message === "label 3 is not in [0, 3): input has 3 classes", problem);
console.log("javascript: the numbers are right");
