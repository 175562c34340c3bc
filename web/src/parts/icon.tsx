import type { JSX, VNode } from "preact";
import { reasonName, warningName } from "../words";

/* Our own signs on a 16 px square: each reason and each warning differs in shape, not in colour alone. */
const stroke = { fill: "none", stroke: "currentColor", "stroke-width": 1.75, "stroke-linecap": "round" } as const;

const SHAPES: Record<string, VNode> = {
  no_capable_unit: <circle cx="8" cy="8" r="5.5" {...stroke} />,
  unknown_place: (
    <g {...stroke}>
      <path d="M5 5.6a3 3 0 1 1 4.6 2.5C8.5 8.8 8 9.3 8 10.4" />
      <path d="M8 13.400v.1" stroke-width="2.2" />
    </g>
  ),
  out_of_reach: <path d="M1.5 8h13M4.5 4.8 1.5 8l3 3.200M11.5 4.800l3 3.2-3 3.2" {...stroke} />,
  wrong_time: (
    <g {...stroke}>
      <circle cx="8" cy="8" r="5.5" />
      <path d="M8 4.800V8h3.2" />
    </g>
  ),
  refused: (
    <g {...stroke}>
      <circle cx="8" cy="8" r="5.5" />
      <path d="m4.2 11.8 7.6-7.6" />
    </g>
  ),
  no_capacity: <rect x="3" y="3" width="10" height="10" fill="currentColor" />,
  held_by_rule: <path d="M5.5 3v10M10.5 3v10" {...stroke} stroke-width={2.5} />,
  fragile: <path d="M8 2.2 13.8 8 8 13.8 2.2 8z" {...stroke} />,
  low_access: <path d="M2.5 4h11L8 13z" {...stroke} stroke-linejoin="round" />,
  assumed: <path d="M2.5 6.200c2-2.2 3.6-2 5.5-.7s3.5 1.5 5.5-.7M2.5 11.200c2-2.2 3.6-2 5.5-.7s3.5 1.5 5.5-.7" {...stroke} />,
  broad: <path d="M3 3.500h5.500a4.5 4.5 0 0 1 0 9H3" {...stroke} />,
  overpromised: <path d="M8 2.5 14 13H2z" {...stroke} stroke-linejoin="round" />,
  urgent: <path d="M8 2.500v7M8 13v.1" {...stroke} stroke-width={2.2} />,
  error: <path d="m3.5 3.5 9 9M12.5 3.500l-9 9" {...stroke} />,
  warning: <path d="M8 2.5 14 13H2zM8 6.500v3M8 11.300v.1" {...stroke} stroke-linejoin="round" />,
  ok: <path d="m2.5 8.5 3.5 3.5 7.5-8" {...stroke} />,
  search: (
    <g {...stroke}>
      <circle cx="6.8" cy="6.8" r="4.3" />
      <path d="m10.2 10.2 3.8 3.8" />
    </g>
  ),
  close: <path d="m4 4 8 8M12 4l-8 8" {...stroke} />,
  next: <path d="m6 3 5 5-5 5" {...stroke} />,
  print: <path d="M4.5 6V2.500h7V6M4.5 11H2.500V6h11v5h-2M4.5 9h7v4.500h-7z" {...stroke} stroke-linejoin="round" />,
  file: <path d="M4 2h5l3.5 3.500V14H4zM9 2v3.500h3.500M8.2 12V7.500M6.2 9.500l2-2 2 2" {...stroke} stroke-linejoin="round" />,
  plus: <path d="M8 3v10M3 8h10" {...stroke} />,
  minus: <path d="M3 8h10" {...stroke} />,
  fit: <path d="M2.5 6V2.5H6M10 2.5h3.5V6M13.5 10v3.5H10M6 13.5H2.5V10" {...stroke} />,
  lock: <path d="M4 7.5h8v6H4zM5.500 7.500V5.500a2.500 2.500 0 0 1 5 0v2" {...stroke} stroke-linejoin="round" />,
  today: <path d="M2.5 4h11M2.5 8h11M2.5 12h7" {...stroke} />,
  map: <path d="M2.5 4 6 2.500l4 1.5 3.5-1.500V12L10 13.5 6 12l-3.5 1.500zM6 2.500V12M10 4v9.5" {...stroke} stroke-linejoin="round" />,
  round: <path d="M3 4.500h4M3 11.500h4M9 4.500l4 7M9 11.500l4-7" {...stroke} />,
  gaps: <path d="M13.5 8A5.5 5.5 0 1 1 8 2.500M8 2.500V8h5.5" {...stroke} />,
  network: (
    <g {...stroke}>
      <path d="M5.2 6.3 10.800 3.900M5 9.500l4 2.600" />
      <circle cx="3.5" cy="7.5" r="1.800" />
      <circle cx="12.5" cy="3.500" r="1.800" />
      <circle cx="10.8" cy="12.800" r="1.800" />
    </g>
  ),
  lists: <path d="M2.5 2.500h11v11h-11zM2.5 6.200h11M2.5 9.800h11M6.2 2.500v11" {...stroke} />,
  help: (
    <g {...stroke}>
      <path d="M5.5 6a2.5 2.5 0 1 1 3.7 2.200C8.3 8.7 8 9.2 8 10" />
      <path d="M8 12.700v.1" stroke-width="2.2" />
    </g>
  ),
  theme: (
    <g>
      <circle cx="8" cy="8" r="5.5" {...stroke} />
      <path d="M8 2.500a5.5 5.5 0 0 1 0 11z" fill="currentColor" />
    </g>
  ),
};

export interface IconProps {
  name: string;
  /** What it says to those who can't see it; without one it is decoration. */
  label?: string;
  class?: string;
}

export function Icon({ name, label, class: extra }: IconProps): JSX.Element {
  return (
    <svg
      class={extra ? `icon ${extra}` : "icon"}
      viewBox="0 0 16 16"
      width="16"
      height="16"
      {...(label ? { role: "img", "aria-label": label } : { "aria-hidden": "true" })}
    >
      {SHAPES[name]}
    </svg>
  );
}

/** The sign of a reason in its colour; `named` writes the reason beside it. */
export function ReasonIcon({ reason, named = false }: { reason: string; named?: boolean }): JSX.Element {
  return (
    <span class="reason">
      <span class={`reason-sign ${reason}`}>
        <Icon name={reason} {...(named ? {} : { label: reasonName(reason) })} />
      </span>
      {named && reasonName(reason)}
    </span>
  );
}

export function WarningIcon({ warning, named = false }: { warning: string; named?: boolean }): JSX.Element {
  return (
    <span class="warning-sign">
      <Icon name={warning} {...(named ? {} : { label: warningName(warning) })} />
      {named && warningName(warning)}
    </span>
  );
}
