import { afterEach, expect, test } from "vitest";
import { sayValue } from "../src/views/change/said";
import { lang } from "../src/words";

const named = (id: string): string => `name of ${id}`;

afterEach(() => {
  lang.value = "zh";
});

test("hours that are tried read as they were written", () => {
  expect(sayValue({ field: "times", value: "Mo-Fr 09:00-17:00; Sa 08:00-12:00" }, named)).toBe("Mo-Fr 09:00-17:00; Sa 08:00-12:00");
});

test("numbers are grouped, areas named, and nothing is unknown", () => {
  lang.value = "en";
  expect(sayValue({ field: "reach_m", value: 1500 }, named)).toBe("1,500");
  expect(sayValue({ field: "reach_areas", value: "a;b" }, named)).toBe("name of a, name of b");
  expect(sayValue({ field: "capacity", value: null }, named)).toBe("Unknown");
});
