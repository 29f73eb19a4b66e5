// Tells how strong the low and the high tones are in 20 ms of sound. Only `sketch.ts` uses it, to compare two sounds.

/**
 * The number of bands into which the spectrum from `LOWEST_HZ` to `HIGHEST_HZ` is divided. They are equally wide on the
 * mel scale of hearing.
 */
const BANDS = 12;
const LOWEST_HZ = 100;
const HIGHEST_HZ = 7_600;
const RATE_HZ = 16_000;
/** The number of samples in 20 ms. */
const SAMPLES = 320;
/** The transform needs a power of two, so the samples are filled up with zeros. */
const SIZE = 512;

const angles = Array.from({ length: SIZE / 2 }, (_, i) => (2 * Math.PI * i) / SIZE);
const COSINES = Float64Array.from(angles, Math.cos);
const SINES = Float64Array.from(angles, Math.sin);
const HANN = Float64Array.from(
  { length: SAMPLES },
  (_, i) => 0.5 - 0.5 * Math.cos((2 * Math.PI * (i + 0.5)) / SAMPLES),
);
const REVERSED = Uint16Array.from({ length: SIZE }, (_, i) => {
  let reversed = 0;
  for (let bit = 1; bit < SIZE; bit *= 2) reversed = reversed * 2 + (i & bit ? 1 : 0);
  return reversed;
});
/** The first bin of each band, and then the end of the last band. */
const EDGES = Array.from({ length: BANDS + 1 }, (_, band) => {
  const mel = melOf(LOWEST_HZ) + ((melOf(HIGHEST_HZ) - melOf(LOWEST_HZ)) * band) / BANDS;
  return Math.round((700 * (Math.exp(mel / 1127) - 1) * SIZE) / RATE_HZ);
});

const real = new Float64Array(SIZE);
const imaginary = new Float64Array(SIZE);

function melOf(hertz: number): number {
  return 1127 * Math.log(1 + hertz / 700);
}

/**
 * Computes the mean energy of 20 ms of sound (320 samples at 16 kHz) in each band, lowest first. It takes about 15 µs.
 */
export function bandEnergies(samples: Int16Array): Float64Array {
  real.fill(0);
  imaginary.fill(0);
  for (let i = 0; i < SAMPLES; i++) real[REVERSED[i]!] = (samples[i] ?? 0) * HANN[i]!;
  transform();
  return Float64Array.from({ length: BANDS }, (_, band) => {
    const from = EDGES[band]!;
    const to = Math.max(from + 1, EDGES[band + 1]!);
    let sum = 0;
    for (let bin = from; bin < to; bin++) sum += real[bin]! ** 2 + imaginary[bin]! ** 2;
    return (4 * sum) / (SAMPLES * SAMPLES);
  });
}

/** Does the fast Fourier transform (Cooley and Tukey) in place; the samples are in `real`, in bit-reversed order. */
function transform(): void {
  for (let half = 1; half < SIZE; half *= 2) {
    const step = SIZE / (2 * half);
    for (let start = 0; start < SIZE; start += 2 * half)
      for (let k = 0; k < half; k++) {
        const [cosine, sine] = [COSINES[k * step]!, -SINES[k * step]!];
        const a = start + k;
        const b = a + half;
        const re = real[b]! * cosine - imaginary[b]! * sine;
        const im = real[b]! * sine + imaginary[b]! * cosine;
        real[b] = real[a]! - re;
        imaginary[b] = imaginary[a]! - im;
        real[a] = real[a]! + re;
        imaginary[a] = imaginary[a]! + im;
      }
  }
}
