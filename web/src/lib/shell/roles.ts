/** Role of a person → its word. */
export const roleKeys: Readonly<
  Record<
    string,
    'roleAdmin' | 'roleTrader' | 'roleSignatory' | 'roleFinance' | 'roleDispatcher' | 'roleViewer'
  >
> = {
  admin: 'roleAdmin',
  trader: 'roleTrader',
  signatory: 'roleSignatory',
  finance: 'roleFinance',
  dispatcher: 'roleDispatcher',
  viewer: 'roleViewer',
};
