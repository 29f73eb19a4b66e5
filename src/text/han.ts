// Chinese and Japanese share most characters. A few of them are written in one of the two languages only.

/**
 * Japanese characters that China writes otherwise, in both of its scripts (the shinjitai of 1946, and kokuji), and
 * words that are Japanese only.
 */
const JAPANESE =
  /[円気広図売読対応実戦発経済続変働込沢桜歩楽帰駅転検験単弾撃覚関両竜剣黒団伝価様塩壊悪抜歳毎涙渋満焼獣県絵縁総聴脳薬訳証辺遅酔鉄録険隣頼顔髪畑峠枠栃匂俺僕々]|大丈夫|映画|挨拶|彼氏|面白|駄目|残念|心配|会社|仕事|多分|株式|素敵|頑張|友達|番組/u;

/** Characters of Chinese, simplified and traditional, that are rare in Japanese or not written there. */
const CHINESE =
  /[这這们們说說吗嗎沒给谁让讓过时來对對听聽开關关门问间见觉几从從头样東车长书鱼鸟马贝页风飞龙乐义习么麼什吧呢啊哪你您她咱啥嘛啦哦喔嗯呀很怎爱谢睡请还點发發经經实實气氣图圖买賣卖读讀战戰边邊动进會體國变變]/u;

/** Whether text in Chinese characters alone is Chinese or Japanese by them; undefined if it can be both. */
export function languageOfHan(text: string): 'zh' | 'ja' | undefined {
  const chinese = CHINESE.test(text);
  if (chinese === JAPANESE.test(text)) return undefined;
  return chinese ? 'zh' : 'ja';
}
