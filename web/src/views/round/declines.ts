import { t } from "../../words";

/* Why a unit may decline: the words that the lists keep, and what the page calls them. */
export const DECLINES = {
  decline_far: "距离太远",
  decline_time: "时间不合",
  decline_staff: "人手不足",
  decline_scope: "不在服务内容内",
  decline_people: "对象不适合",
  decline_other: "其他",
} as const;

export type Decline = keyof typeof DECLINES;

/** A reason as the page's language has it; what a list wrote otherwise stays as it is. */
export function declineName(why: string): string {
  const known = (Object.keys(DECLINES) as Decline[]).find((name) => DECLINES[name] === why);
  return known ? t(known) : why;
}
