declare module 'subset-font' {
  export default function subsetFont(
    font: Uint8Array,
    text: string,
    options: { targetFormat: 'sfnt'; noLayoutClosure: boolean; dropTables: readonly string[] },
  ): Promise<Uint8Array>;
}
