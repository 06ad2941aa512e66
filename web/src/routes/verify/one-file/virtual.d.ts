/** Made by `build.ts` when the site is built. */
declare module 'virtual:one-file-page' {
  const page: string;
  export default page;
}
