import type { Act } from './act';
import * as consent from './consent';
import * as dossier from './dossier';
import * as papers from './papers';
import * as people from './people';

// By the name in the address: #/trajectories/ID/do/NAME?item=ID.
export const acts: Record<string, Act> = {
  grant: consent.grant,
  withdraw: consent.withdraw,
  narrow: consent.narrow,
  review: consent.review,
  frame: consent.frame,
  goal: dossier.goal,
  'goal-edit': dossier.goalEdit,
  'goal-progress': dossier.progress,
  'goal-review': dossier.goalReview,
  criterion: dossier.criterion,
  'criterion-edit': dossier.criterionEdit,
  judgement: dossier.judgement,
  action: dossier.action,
  'action-edit': dossier.actionEdit,
  'action-done': dossier.actionDone,
  commitment: dossier.commitment,
  'commitment-edit': dossier.commitmentEdit,
  sign: dossier.sign,
  referral: dossier.referral,
  'referral-answer': dossier.referralAnswer,
  'referral-withdraw': dossier.referralWithdraw,
  note: papers.note,
  request: papers.request,
  agreement: papers.agreement,
  share: papers.share,
  open: people.open,
  invite: people.invite,
  join: people.join,
  leave: people.leave,
  remove: people.remove,
  introduce: people.introduce,
  stage: people.stage,
  close: people.close,
  'lead-offer': people.leadOffer,
  'lead-accept': people.leadAccept,
  'lead-refuse': people.leadRefuse,
  'lead-withdraw': people.leadWithdraw,
};
