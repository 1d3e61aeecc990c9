import type { Act } from './act';
import * as consent from './consent';
import * as court from './court';
import * as family from './family';
import * as methods from './methods';
import * as network from './network';
import * as papers from './papers';
import * as people from './people';

// By the name in the address: #/trajectories/ID/do/NAME?item=ID. Those that only ask and send are described as data: described.ts.
export const acts: Record<string, Act> = {
  grant: consent.grant,
  withdraw: consent.withdraw,
  narrow: consent.narrow,
  review: consent.review,
  figure: network.figure,
  'figure-edit': network.figureEdit,
  tie: network.tie,
  kinship: network.kinship,
  'kinship-edit': network.kinshipEdit,
  'life-event': network.lifeEvent,
  'life-event-edit': network.lifeEventEdit,
  'life-domain': network.lifeDomain,
  circular: network.circular,
  'circular-answer': network.circularAnswer,
  repair: network.repair,
  module: methods.module,
  contact: methods.contact,
  alert: methods.alert,
  'alert-withdraw': methods.alertWithdraw,
  'ring-answer': court.ringAnswer,
  'court-plan': court.courtPlan,
  'hand-over': court.handOver,
  conference: family.conference,
  'conference-phase': family.phase,
  'family-answer': family.answer,
  supporters: family.supporters,
  agreement: papers.agreement,
  share: papers.share,
  exception: papers.exception,
  invite: people.invite,
  remove: people.remove,
  introduce: people.introduce,
  stage: people.stage,
};
