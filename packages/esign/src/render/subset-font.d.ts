declare module 'subset-font' {
  export default function subsetFont(
    font: Uint8Array,
    text: string,
    options: { targetFormat: 'sfnt'; noLayoutClosure: boolean },
  ): Promise<Uint8Array>;
}
