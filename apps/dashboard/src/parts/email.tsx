/** An address, left to right on every page. Where its column cuts it off, the pointer still finds the whole of it. */
export const Email = ({ address }: { address: string }) => (
  <bdi className="email" title={address}>
    {address}
  </bdi>
);
