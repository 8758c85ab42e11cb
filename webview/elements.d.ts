import type { HTMLAttributes } from 'preact';

/** The custom elements of `@vscode-elements/elements` that the panel uses. */
declare module 'preact' {
  namespace JSX {
    interface IntrinsicElements {
      'vscode-button': HTMLAttributes<HTMLElement> & { secondary?: boolean; disabled?: boolean };
      'vscode-textfield': HTMLAttributes<HTMLElement> & {
        value?: string;
        placeholder?: string;
        label?: string;
        maxLength?: number;
      };
      'vscode-single-select': HTMLAttributes<HTMLElement> & { value?: string; label?: string };
      'vscode-option': HTMLAttributes<HTMLElement> & { value?: string; selected?: boolean; description?: string };
      'vscode-progress-ring': HTMLAttributes<HTMLElement>;
    }
  }
}
