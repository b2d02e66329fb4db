import { Link } from '@tanstack/react-router';

export function ConnectionLink({ connection: { id, name } }: { connection: { id: string; name: string } }) {
  return (
    <Link to="/connections/$connectionId" params={{ connectionId: id }} className="text-link" data-row-link>
      {name}
    </Link>
  );
}
