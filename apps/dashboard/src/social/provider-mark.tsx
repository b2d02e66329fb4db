/** In a picture this word means black, which the stylesheet turns round in the dark. */
const followsText = 'currentColor';

/** The provider's own mark. As a picture, because nothing that the API sends becomes markup of this page. */
export function ProviderMark({ mark }: { mark: string }) {
  const picture = mark.replace('<svg ', '<svg xmlns="http://www.w3.org/2000/svg" ');
  return (
    <img
      className="provider-mark"
      data-plain={mark.includes(followsText) || undefined}
      src={`data:image/svg+xml,${encodeURIComponent(picture)}`}
      alt=""
      width={20}
      height={20}
    />
  );
}
