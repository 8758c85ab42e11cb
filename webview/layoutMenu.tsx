import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { layoutMethods, layoutSettings, type LayoutSettingName } from '../src/shared/layoutMethods';
import { usePanel } from './model/panelContext';

/** How the map is laid out: the method in the toolbar, everything else behind it. */
export function LayoutMenu() {
  const panel = usePanel();
  const open = useSignal(false);
  const rootRef = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (!open.value) return;
    const onPointerDown = (event: PointerEvent): void => {
      if (!event.composedPath().includes(rootRef.current!)) open.value = false;
    };
    document.addEventListener('pointerdown', onPointerDown);
    return () => document.removeEventListener('pointerdown', onPointerDown);
  }, [open.value, open]);

  const current = panel.readings.value?.layout?.method;
  const running = panel.status.value?.state.layout;
  const pending = panel.layout.pending.value ?? running?.method;
  const name = layoutMethods.find(({ method }) => method === (pending ?? current))?.name;
  // Until it is known how the map was made there is nothing to choose against.
  if (name === undefined) return null;
  const close = (): void => {
    open.value = false;
    rootRef.current?.querySelector('button')?.focus();
  };
  return (
    <div
      class="layout-menu"
      ref={rootRef}
      onKeyDown={(event) => {
        if (event.key !== 'Escape' || !open.value) return;
        close();
        event.stopPropagation();
      }}
    >
      <span class="picker-label" aria-hidden="true">
        {pending ? (
          <span class="codicon codicon-loading codicon-modifier-spin" />
        ) : panel.layout.error.value ? (
          <span class="codicon codicon-error error-icon" title={panel.layout.error.value} />
        ) : (
          'Layout'
        )}
      </span>
      <button
        type="button"
        class="toggle menu-button"
        aria-haspopup="dialog"
        aria-expanded={open.value}
        aria-label={`Layout: ${name}`}
        title="How the map is laid out"
        onClick={() => (open.value = !open.value)}
      >
        {name}
        <span class="codicon codicon-chevron-down" aria-hidden="true" />
      </button>
      {open.value && <LayoutForm onClose={close} />}
    </div>
  );
}

function LayoutForm({ onClose }: { onClose: () => void }) {
  const panel = usePanel();
  const { layout } = panel;
  const formRef = useRef<HTMLFormElement>(null);
  useEffect(() => formRef.current?.querySelector<HTMLElement>('input:checked')?.focus(), []);
  const running = panel.status.value?.state.layout;
  const busy = layout.pending.value !== undefined || running !== undefined;
  const problem = layout.problem.value ?? layout.error.value;
  return (
    <div class="popover" role="dialog" aria-label="Layout of the map">
      <form
        class="layout-form"
        ref={formRef}
        onSubmit={(event) => {
          event.preventDefault();
          void panel.applyLayout().then(() => {
            if (!layout.error.value) onClose();
          });
        }}
      >
        <fieldset class="methods">
          <legend class="spoken">Method</legend>
          {layoutMethods.map(({ method, name }) => (
            <label key={method} class={method === layout.method.value ? 'method on' : 'method'}>
              <input
                type="radio"
                name="method"
                value={method}
                checked={method === layout.method.value}
                onChange={() => layout.chooseMethod(method)}
              />
              {name}
            </label>
          ))}
        </fieldset>
        <p class="dim small">{layout.description.value.help}</p>
        {layout.description.value.settings.map((name) => (
          <SettingField key={name} name={name} />
        ))}
        {problem && (
          <p class="set-error" role="alert">
            <span class="codicon codicon-error error-icon" aria-hidden="true" /> {problem}
          </p>
        )}
        <div class="form-actions">
          {busy ? (
            <>
              <LayoutProgress share={running?.share} />
              <vscode-button secondary onClick={() => layout.stop()}>
                Stop
              </vscode-button>
            </>
          ) : (
            <>
              <button type="button" class="link" onClick={() => layout.reset()}>
                Defaults
              </button>
              <vscode-button
                disabled={layout.problem.value !== undefined}
                onClick={() => formRef.current?.requestSubmit()}
              >
                Draw anew
              </vscode-button>
            </>
          )}
        </div>
      </form>
    </div>
  );
}

function SettingField({ name }: { name: LayoutSettingName }) {
  const { layout } = usePanel();
  const described = layoutSettings[name];
  const value = layout.settings.value[name];
  const id = `layout-${name}`;
  return (
    <div class="setting">
      <label for={id}>{described.name}</label>
      {described.kind === 'number' ? (
        <input
          id={id}
          type="number"
          min={described.min}
          max={described.max}
          step={described.step < 1 ? 'any' : described.step}
          value={value}
          aria-describedby={`${id}-help`}
          onInput={(event) => layout.set(name as 'seed', event.currentTarget.valueAsNumber)}
        />
      ) : (
        <select
          id={id}
          value={value}
          aria-describedby={`${id}-help`}
          onChange={(event) => layout.set('metric', event.currentTarget.value as 'cosine')}
        >
          {described.options.map((option) => (
            <option key={option.value} value={option.value} title={option.help}>
              {option.name}
            </option>
          ))}
        </select>
      )}
      <p id={`${id}-help`} class="dim small">
        {described.help}
      </p>
    </div>
  );
}

/** The share of the work that is done; without it something is still moving. */
export function LayoutProgress({ share }: { share: number | undefined }) {
  const percent = share === undefined ? undefined : Math.round(100 * share);
  return (
    <span
      class="progress"
      role="progressbar"
      aria-label="Drawing the map anew"
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={percent}
    >
      <span
        class={percent === undefined ? 'progress-fill endless' : 'progress-fill'}
        style={percent === undefined ? '' : { width: `${percent}%` }}
      />
    </span>
  );
}
