import { type ComponentChildren, render } from "preact";

/** Asks a question, or shows something, in a dialog. */

interface Question {
  readonly title: string;
  readonly body: ComponentChildren;
  readonly answers: readonly {
    readonly value: string;
    readonly text: string;
    readonly note?: string;
  }[];
}

/** Asks whether something is meant. @param text names it, on the button. */
export async function confirm(title: string, body: ComponentChildren, text: string): Promise<boolean> {
  return (await ask({ title, body, answers: [{ value: "yes", text }] })) !== null;
}

/** @returns the chosen answer; `null` if there was none. */
export function ask({ title, body, answers }: Question): Promise<string | null> {
  const place = document.createElement("div");
  document.body.append(place);
  return new Promise((resolve) => {
    const leave = (event: { readonly currentTarget: HTMLDialogElement }) => {
      const { returnValue } = event.currentTarget;
      render(null, place);
      place.remove();
      resolve(returnValue || null);
    };
    const isChoice = answers.length > 1;
    render(
      <dialog aria-labelledby="question" onClose={leave}>
        <h2 id="question">{title}</h2>
        <div class="body">{body}</div>
        <form method="dialog" class={isChoice ? "periods" : "acts"}>
          {answers.map(({ value, text, note }) => (
            <button key={value} class={`btn ${isChoice ? "step" : "primary"}`} type="submit" value={value}>
              {text} {note && <small>{note}</small>}
            </button>
          ))}
          {/* A stray Enter must not do what a question asks about. */}
          <button class="btn" type="submit" value="" autofocus={answers.length > 0}>
            {answers.length > 0 ? "Cancel" : "Close"}
          </button>
        </form>
      </dialog>,
      place,
    );
    place.querySelector("dialog")?.showModal();
  });
}
