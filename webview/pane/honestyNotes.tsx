import { usePanel } from '../model/panelContext';

/** What the rings around a selected point say, with their look. */
export function HonestyNotes() {
  const honesty = usePanel().honesty.value;
  if (!honesty || (honesty.missing.length === 0 && honesty.strangers.length === 0)) return null;
  const { missing, strangers, trustOf, strangerBeyond } = honesty;
  return (
    <ul class="honesty dim small" aria-label="Rings on the map">
      {missing.length > 0 && (
        <li>
          <span class="ring-key missing" aria-hidden="true" />
          {missing.length} of its {trustOf} nearest chunks {missing.length === 1 ? 'was' : 'were'} drawn elsewhere
        </li>
      )}
      {strangers.length > 0 && (
        <li>
          <span class="ring-key stranger" aria-hidden="true" />
          {strangers.length} of its {trustOf} nearest points{' '}
          {strangers.length === 1 ? 'is a stranger' : 'are strangers'}: not among its {strangerBeyond} nearest chunks
        </li>
      )}
    </ul>
  );
}
