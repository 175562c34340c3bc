import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import type { Certificate, Holder } from "../../api/plans";
import { WarningIcon } from "../../parts/icon";
import { store } from "../../state/data";
import { labelOf, wantNames } from "../../state/labels";
import { openPanel } from "../../state/panel";
import { num, t } from "../../words";
import { changePanel } from "../change/panel";
import { RecordLink } from "../frame/links";

const sum = (items: { places: number }[]): number => items.reduce((total, { places }) => total + places, 0);

/** A certificate as two columns that anybody can add: what is wanted, and all that there is for it. */
export function CertificateTable({ certificate, isMoney = false }: { certificate: Certificate; isMoney?: boolean }): JSX.Element {
  const amount = (places: number): string => (isMoney ? t("gap_yuan", { n: places }) : num(places));
  const targets = certificate.needs ?? certificate.projects ?? [];
  const table = certificate.needs ? "needs" : "projects";
  const { holders } = certificate;
  useEffect(() => {
    wantNames(table, [...targets, ...holders.map((holder) => ({ id: holder.need ?? holder.project ?? "" }))].map(({ id }) => id).filter(Boolean));
    wantNames("offers", holders.flatMap((holder) => (holder.kind === "offer" && holder.id ? [holder.id] : (holder.offer ?? []))));
    wantNames("units", holders.flatMap((holder) => (holder.kind === "unit" && holder.id ? [holder.id] : (holder.unit ?? []))));
  }, [certificate, store.data.value?.token]);
  const [wanted, had] = [sum(targets), sum(holders)];
  return (
    <div class="certificate">
      <table>
        <caption>{t("cert_wanted")}</caption>
        <tbody>
          {targets.map((target) => (
            <tr key={target.id}>
              <td><RecordLink table={table} id={target.id}>{labelOf(table, target.id)}</RecordLink></td>
              <td class="amount">{amount(target.places)}</td>
            </tr>
          ))}
        </tbody>
        <tfoot><tr><th scope="row">{t("cert_sum")}</th><td class="amount">{amount(wanted)}</td></tr></tfoot>
      </table>
      <table>
        <caption>{t("cert_have")}</caption>
        <tbody>
          {holders.map((holder, at) => (
            <tr key={at}>
              <td><HolderName holder={holder} table={table} /></td>
              <td class="amount">{amount(holder.places)}</td>
            </tr>
          ))}
        </tbody>
        <tfoot><tr><th scope="row">{t("cert_sum")}</th><td class="amount">{amount(had)}</td></tr></tfoot>
      </table>
      <p class="cert-short">{t(isMoney ? "cert_short_yuan" : "cert_short", { wanted, have: had, short: certificate.short_by })}</p>
    </div>
  );
}

function HolderName({ holder, table }: { holder: Holder; table: "needs" | "projects" }): JSX.Element {
  if (holder.kind === "pair") {
    const target = holder.need ?? holder.project ?? "";
    return <>{t("cert_pair", { offer: holder.offer ? labelOf("offers", holder.offer) : labelOf("units", holder.unit ?? ""), need: labelOf(table, target) })}</>;
  }
  const id = holder.id ?? "";
  const of = holder.kind === "offer" ? "offers" : "units";
  const held = holder.held_by_projects ?? holder.held_by_needs;
  return (
    <>
      <RecordLink table={of} id={id}>{labelOf(of, id)}</RecordLink>
      {holder.limit && <span class="note"> {t("cert_limit")}</span>}
      {held !== undefined && <span class="note"> {t("cert_held", { n: held })}</span>}
      {holder.assumed && (
        <>
          {" "}
          <WarningIcon warning="assumed" />
          <span class="note">{t("unknown_as_one")}</span>
        </>
      )}
      {holder.kind === "offer" && (
        <button type="button" class="quiet small" onClick={() => openPanel(changePanel({ table: "offers", id, title: labelOf("offers", id), field: "capacity" }))}>
          {t(holder.assumed ? "note_answer" : "try_it")}
        </button>
      )}
    </>
  );
}
